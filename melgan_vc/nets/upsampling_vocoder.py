"""A vocoder of the MelGAN and HiFi-GAN kind: transposed convolutions from mel frames up to samples."""

import math

import keras
from keras import layers

from melgan_vc.nets.layers import SilencePadding
from melgan_vc.nets.registry import network

_DILATIONS = (1, 3, 9)
_MOST = 8
_NARROWEST = 8


def upsampling_factors(hop_length: int) -> tuple[int, ...]:
    """Factors of at most 8, large ones first, whose product is the hop: the strides of the transposed convolutions.

    Examples
    --------
    >>> upsampling_factors(256)
    (8, 8, 4)

    Raises
    ------
    ValueError
        If a prime factor of the hop is larger.
    """
    factors, left = [], hop_length
    while left > 1:
        factor = next((factor for factor in range(_MOST, 1, -1) if left % factor == 0), None)
        if factor is None:
            raise ValueError(
                f"Expected a hop length with no prime factor above 7, received: {hop_length}, with {left}; use the "
                "fourier generator"
            )
        factors.append(factor)
        left //= factor
    return tuple(factors)


@network("vocoder", "upsampling")
def upsampling_vocoder(n_mels: int, *, channels: int = 256, hop_length: int) -> keras.Model:
    """Upsample and refine, again and again (Kumar et al. 2019, "MelGAN"; Kong et al. 2020, "HiFi-GAN").

    Each stage doubles nothing but the rate: a transposed convolution of twice its stride, at half the channels, then
    three residual blocks of dilations 1, 3 and 9. All the work is done near the sampling rate, which is why it costs
    some ten times as much as a Fourier head.

    Returns
    -------
    keras.Model
        Maps ``(B, T, n_mels)`` in [-1, 1] to ``(B, T * hop_length)`` in [-1, 1]. Sample 0 is the centre of frame 0.
    """
    mel = keras.Input((None, n_mels), name="mel")
    x = layers.Conv1D(channels, 7)(SilencePadding(3)(mel))
    for factor in upsampling_factors(hop_length):
        channels = max(channels // 2, _NARROWEST)
        x = layers.Conv1DTranspose(channels, 2 * factor, strides=factor, padding="same")(_leaky()(x))
        for dilation in _DILATIONS:
            y = layers.Conv1D(channels, 3, dilation_rate=dilation, padding="same")(_leaky()(x))
            y = layers.Conv1D(channels, 1, kernel_initializer=_small())(_leaky()(y))
            x = layers.Add()([x, y])
    x = layers.Conv1D(1, 7, padding="same", activation="tanh", dtype="float32")(_leaky()(x))
    return keras.Model(mel, layers.Reshape((-1,), dtype="float32")(x), name="upsampling_vocoder")


def _leaky() -> layers.Layer:
    return layers.LeakyReLU(negative_slope=0.1)


def _small() -> keras.initializers.Initializer:
    return keras.initializers.VarianceScaling(
        1.0 / math.sqrt(len(_DILATIONS)), mode="fan_avg", distribution="uniform"
    )
