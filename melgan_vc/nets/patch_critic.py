"""The default critic: one score for each stretch of time, for windows of any width."""

import keras

from melgan_vc.nets.layers import SilencePadding, leaky_relu
from melgan_vc.nets.spectral_normalization import SpectralConv1D


def patch_critic(n_mels: int, *, channels: int = 256) -> keras.Model:
    """Spectrally normalised convolutions over time, strided twice.

    Maps ``(B, T, n_mels)`` to scores ``(B, ceil(T / 4), 1)``, unbounded; each sees 37 frames. The hinge is averaged
    over scores, so that every seam and every stretch between seams is judged by itself.
    """
    mel = keras.Input((None, n_mels), name="mel")
    x = SilencePadding(1)(mel)
    for kernel, stride, padding in ((3, 1, "valid"), (7, 2, "same"), (7, 2, "same"), (3, 1, "same")):
        x = SpectralConv1D(channels, kernel, strides=stride, padding=padding, kernel_initializer="he_uniform")(x)
        x = leaky_relu()(x)
    # The last layer is not normalised, so that the scale of the scores is learned.
    return keras.Model(mel, keras.layers.Conv1D(1, 1, dtype="float32")(x), name="patch_critic")
