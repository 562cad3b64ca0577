"""What is said, from a log-mel: an encoder whose voice is taken away by instance norm over time."""

import keras
from keras import layers, ops

from melgan_vc.nets.convnext import convnext_blocks, shared_out
from melgan_vc.nets.registry import network

_GUIDE = 0.1


@keras.saving.register_keras_serializable("melgan_vc")
class NormOverTime(layers.Layer):
    """Instance norm over time, without a scale and an offset of its own (Ulyanov et al. 2016).

    ``(B, T, C)`` and moments ``(B, 2, C)`` to frames ``(B, T, C)`` and their own moments ``(B, 2, C)``. Moments are
    means and standard deviations over time. Frames are counted from those that are given, or from their own where
    the given deviation is 0.
    """

    def __init__(self, epsilon: float = 1e-3, **options):
        super().__init__(**options)
        self.epsilon = epsilon

    def call(self, frames, given):
        mean, variance = ops.moments(frames, axes=1)
        own = ops.stack([mean, ops.sqrt(variance + self.epsilon)], axis=1)
        used = ops.where(given[:, 1:] > 0.0, given, own)
        return (frames - used[:, :1]) / used[:, 1:], own

    def compute_output_shape(self, frames_shape, given_shape):
        return frames_shape, given_shape

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}


@network("normed_encoder", "convnext")
def normed_encoder(
    n_mels: int, *, columns: int, channels: int = 256, blocks: int = 8, look_ahead: int = 12
) -> keras.Model:
    r"""ConvNeXt blocks with `NormOverTime`, as AdaIN-VC's content encoder [1]_, and a neck as AGAIN-VC's [2]_.

    What is the same all the time is the voice, and is in the moments over time, which are taken away. The neck is
    few numbers that go through :math:`\sigma(0.1 x)`. It departs from both in this: a code for every frame, as in
    [2]_, and no distribution of codes, which [1]_ has; and blocks that look no further ahead than they may.

    Where moments are given, nothing depends on how long the log-mel is: of a file they can be measured once, and
    pieces of it then give what the whole gives.

    Parameters
    ----------
    n_mels : int
        Mel bands.
    columns : int
        Numbers in a frame of what it tells.
    channels, blocks : int
        Width and number of the blocks.
    look_ahead : int
        Frames, in all, see `content_encoder`.

    Returns
    -------
    keras.Model
        Maps log-mels ``(B, T, n_mels)`` and moments ``(B, blocks + 2, 2, channels)``, of zeros where each is to be
        counted from its own, to codes ``(B, T, columns)`` in (0, 1) and own moments of the latter shape.

    References
    ----------
    .. [1] J.-C. Chou, H.-Y. Lee, "One-shot voice conversion by separating speaker and content representations with
       instance normalization", Interspeech 2019.
    .. [2] Y.-H. Chen et al., "AGAIN-VC: a one-shot voice conversion using activation guidance and adaptive instance
       normalization", ICASSP 2021.
    """
    mel = keras.Input((None, n_mels), name="mel")
    given = keras.Input((blocks + 2, 2, channels), name="moments")
    found = []

    def normed(x):
        x, own = NormOverTime(dtype="float32")(x, given[:, len(found)])
        found.append(own)
        return x

    x = normed(layers.Dense(channels)(mel))
    x = normed(convnext_blocks(x, channels, aheads=shared_out(look_ahead, blocks), norm=normed))
    code = ops.sigmoid(_GUIDE * layers.Dense(columns, dtype="float32")(x))
    return keras.Model([mel, given], [code, ops.stack(found, axis=1)], name="normed_encoder")
