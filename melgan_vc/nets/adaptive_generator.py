"""The generator of StarGAN: the residual one, told by a style vector whose voice to give."""

import keras
from keras import layers, ops

from melgan_vc.nets.edited_mel import EditedMel
from melgan_vc.nets.registry import network
from melgan_vc.nets.residual_generator import residual_edit


@keras.saving.register_keras_serializable("melgan_vc")
class AdaptiveNormalization(layers.Layer):
    """Each frame brought to mean 0 and variance 1, then a scale and an offset that a style vector gives.

    Adaptive instance norm (Huang and Belongie 2017) with its statistics over the channels of one frame instead of
    over time, so that nothing depends on where a chunk was cut. ``(B, T, C), (B, S) -> (B, T, C)``.
    """

    def __init__(self, epsilon: float = 1e-3, **options):
        super().__init__(**options)
        self.epsilon = epsilon

    def build(self, frames_shape, style_shape):
        self.scale_and_offset = layers.Dense(2 * frames_shape[-1], dtype=self.dtype_policy, name="scale_and_offset")
        self.scale_and_offset.build(style_shape)

    def call(self, frames, style):
        mean, variance = ops.moments(frames, axes=-1, keepdims=True)
        scale, offset = ops.split(self.scale_and_offset(style)[:, None, :], 2, axis=-1)
        return (frames - mean) * ops.rsqrt(variance + self.epsilon) * (1.0 + scale) + offset

    def compute_output_shape(self, frames_shape, style_shape):
        return frames_shape

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}


@network("styled_generator", "adaptive")
def adaptive_generator(
    n_mels: int,
    *,
    style: int,
    channels: int = 256,
    kernel_size: int = 3,
    dilations: tuple[int, ...] = (1, 2, 4, 1, 2, 4),
    mask: bool = False,
) -> keras.Model:
    """`residual_generator` with an adaptive norm in every block: one network for every pair of domains.

    Parameters
    ----------
    n_mels : int
        Mel bands.
    style : int
        Dimensions of a style vector.
    channels : int
        Width of every hidden layer.
    kernel_size : int
        Odd width of the dilated convolutions in frames.
    dilations : tuple of int
        One residual block for each.
    mask : bool
        Whether it is told which frames are `MISSING`, by one more band, so that it can fill them in.

    Returns
    -------
    keras.Model
        Maps log-mels ``(B, T, n_mels)`` in [-1, 1], or `MISSING` in whole frames if it has a ``mask``, and style
        vectors ``(B, style)`` to log-mels of the same shape, for any ``T``. Untrained it gives its input back,
        whatever the style.
    """
    mel = keras.Input((None, n_mels), name="mel")
    style_vector = keras.Input((style,), name="style")
    edit = residual_edit(
        mel,
        lambda x: AdaptiveNormalization(dtype="float32")(x, style_vector),
        channels=channels,
        kernel_size=kernel_size,
        dilations=dilations,
        mask=mask,
    )
    return keras.Model([mel, style_vector], EditedMel(dtype="float32")(mel, edit), name="adaptive_generator")
