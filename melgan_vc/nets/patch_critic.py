"""The default critics: one score for each stretch of time, for windows of any width."""

import keras
from keras import layers

from melgan_vc.nets.layers import SilencePadding, leaky_relu
from melgan_vc.nets.registry import network
from melgan_vc.nets.spectral_normalization import SpectralConv1D

SCORED_STRIDES = (1, 2, 2, 1)
"""Of a patch critic's convolutions: a score for every four frames."""

_POOL = 4


@network("critic", "patch")
def patch_critic(n_mels: int, *, channels: int = 256) -> keras.Model:
    """Spectrally normalised convolutions over time, strided twice.

    Maps ``(B, T, n_mels)`` to scores ``(B, ceil(T / 4), 1)``, unbounded; each sees 37 frames. The hinge is averaged
    over scores, so that every seam and every stretch between seams is judged by itself.
    """
    mel = keras.Input((None, n_mels), name="mel")
    return keras.Model(mel, _scores(mel, channels, strides=SCORED_STRIDES), name="patch_critic")


@network("critic", "two_scale")
def two_scale_critic(n_mels: int, *, channels: int = 256) -> keras.Model:
    """Two patch critics that share nothing: one of the frames, one of means over four frames.

    Maps ``(B, T, n_mels)`` to scores ``(B, ceil(T / 4), 2)``, unbounded, for ``T`` a multiple of 4. The first sees 37
    frames and is `patch_critic`; the second sees 68, and rhythm and phrasing rather than attacks. Critics at several
    scales are those of Wang et al., "High-resolution image synthesis and semantic manipulation with conditional GANs"
    (CVPR 2018).
    """
    mel = keras.Input((None, n_mels), name="mel")
    slow = layers.AveragePooling1D(_POOL, padding="same")(mel)
    scores = [_scores(mel, channels, strides=SCORED_STRIDES), _scores(slow, channels, strides=(1, 1, 1, 1))]
    return keras.Model(mel, layers.Concatenate(dtype="float32")(scores), name="two_scale_critic")


def critic_features(mel, channels: int, *, strides: tuple[int, ...]):
    """What a patch critic scores: ``(B, T, n_mels)`` to ``(B, T', channels)``, spectrally normalised."""
    x = SilencePadding(1)(mel)
    for kernel, stride, padding in zip((3, 7, 7, 3), strides, ("valid", "same", "same", "same"), strict=True):
        x = SpectralConv1D(channels, kernel, strides=stride, padding=padding, kernel_initializer="he_uniform")(x)
        x = leaky_relu()(x)
    return x


def _scores(mel, channels: int, *, strides: tuple[int, ...]):
    # The last layer is not normalised, so that the scale of the scores is learned.
    return layers.Conv1D(1, 1, dtype="float32")(critic_features(mel, channels, strides=strides))
