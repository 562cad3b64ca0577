"""The default generator: it edits its input through a stack of dilated residual blocks."""

import keras
from keras import layers, ops

from melgan_vc.nets.layers import SilencePadding, leaky_relu

_HEADROOM = 0.9


@keras.saving.register_keras_serializable("melgan_vc")
class EditedMel(layers.Layer):
    """Adds an edit to a log-mel and keeps the result in [-1, 1]; ``(B, T, M), (B, T, M) -> (B, T, M)``.

    The edit is added in the pre-image of a tanh whose range is a little wider than [-1, 1]: silent cells (-1) lie
    where the tanh still has a slope, so that the generator can learn to fill them, and no edit at all gives back
    the input exactly.
    """

    def call(self, mel, edit):
        edited = ops.arctanh(_HEADROOM * ops.cast(mel, "float32")) + ops.cast(edit, "float32")
        return ops.clip(ops.tanh(edited) / _HEADROOM, -1.0, 1.0)

    def compute_output_shape(self, mel_shape, edit_shape):
        return mel_shape


def shifted(mel, matrix):
    """Each frame of a log-mel ``(B, T, M)`` times a matrix ``(M, M)``, silence counting as 0; again in [-1, 1]."""
    return ops.clip(ops.matmul(ops.cast(mel, "float32") + 1.0, matrix) - 1.0, -1.0, 1.0)


@keras.saving.register_keras_serializable("melgan_vc")
class ShiftedMel(layers.Layer):
    """`shifted` as a layer; ``(B, T, M) -> (B, T, M)``.

    The matrix is a weight that is saved and never trained. Without one given it is the unit matrix.
    """

    def __init__(self, shift=None, **keywords):
        super().__init__(**keywords)
        self._given = shift

    def build(self, mel_shape):
        n_mels = mel_shape[-1]
        self.shift = self.add_weight(shape=(n_mels, n_mels), initializer="identity", trainable=False, name="shift")
        if self._given is not None:
            self.shift.assign(self._given)

    def call(self, mel):
        return shifted(mel, self.shift)


def residual_generator(
    n_mels: int,
    *,
    channels: int = 256,
    kernel_size: int = 3,
    dilations: tuple[int, ...] = (1, 2, 4, 1, 2, 4),
    shift=None,
) -> keras.Model:
    """Full-resolution generator: no stride, no statistic over time, input passed through.

    Each block is ``x + conv1(leaky(conv_dilated(leaky(norm(x)))))``, with normalisation over the channels of one
    frame, so that nothing depends on where a chunk was cut. The last layer starts at zero: an untrained generator
    is the identity, and what training changes is the style.

    Parameters
    ----------
    n_mels : int
        Mel bands.
    channels : int
        Width of every hidden layer.
    kernel_size : int
        Odd width of the dilated convolutions in frames.
    dilations : tuple of int
        One residual block for each.
    shift : array, optional
        Shape ``(n_mels, n_mels)``: what is edited is ``(mel + 1) @ shift - 1`` instead of the input itself.

    Returns
    -------
    keras.Model
        Maps ``(B, T, n_mels)`` in [-1, 1] to the same shape, for any ``T``.
    """
    mel = keras.Input((None, n_mels), name="mel")
    start = mel if shift is None else ShiftedMel(shift, dtype="float32")(mel)
    x = SilencePadding(kernel_size // 2)(start)
    x = layers.Conv1D(channels, kernel_size, padding="valid", kernel_initializer="he_uniform")(x)
    for dilation in dilations:
        y = leaky_relu()(layers.LayerNormalization(dtype="float32")(x))
        y = layers.Conv1D(
            channels, kernel_size, dilation_rate=dilation, padding="same", kernel_initializer="he_uniform"
        )(y)
        y = layers.Conv1D(channels, 1, kernel_initializer="he_uniform")(leaky_relu()(y))
        x = layers.Add()([x, y])
    x = leaky_relu()(layers.LayerNormalization(dtype="float32")(x))
    edit = layers.Conv1D(n_mels, kernel_size, padding="same", kernel_initializer="zeros", dtype="float32")(x)
    return keras.Model(mel, EditedMel(dtype="float32")(start, edit), name="residual_generator")
