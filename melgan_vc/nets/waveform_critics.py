"""Critics of waveforms: each hears one period or one resolution, and shows what it heard on the way."""

import keras
from keras import layers, ops

from melgan_vc.transforms import hann, magnitude

PERIODS = (2, 3, 5, 7, 11)
"""Of the multi-period critic, in samples: primes, so that their combs overlap least."""

RESOLUTIONS = (256, 512, 1024)
"""Windows of the multi-resolution critic, in samples."""

_FOLDS = (3, 3, 3, 3)


def period_critic(period: int, *, channels: int = 16) -> keras.Model:
    """One critic of the multi-period kind (Kong et al. 2020): every ``period``-th sample is a signal of its own.

    Convolutions of 5 samples along time, four times strided by 3, of ``channels`` times 1, 2, 4 and 8.

    Returns
    -------
    keras.Model
        Maps ``(B, samples)`` to a list: scores ``(B, T', period, 1)``, unbounded, then the features of each layer.
    """
    wave = keras.Input((None,), name="wave")
    x = Folded(period)(wave)
    features = []
    for layer, stride in enumerate(_FOLDS):
        x = layers.Conv2D(channels * 2**layer, (5, 1), strides=(stride, 1), padding="same")(x)
        x = layers.LeakyReLU(negative_slope=0.1)(x)
        features.append(x)
    score = layers.Conv2D(1, (3, 1), padding="same", dtype="float32")(x)
    return keras.Model(wave, [score, *features], name=f"period_critic_{period}")


def resolution_critic(n_fft: int, *, channels: int = 16) -> keras.Model:
    """One critic of the multi-resolution kind (Jang et al. 2021, "UnivNet"): of log magnitudes, hop ``n_fft / 4``.

    Convolutions of 3 frames by 9 bins, three times strided by 2 over bins.

    Returns
    -------
    keras.Model
        Maps ``(B, samples)`` to a list: scores ``(B, T', bins', 1)``, unbounded, then the features of each layer.
    """
    wave = keras.Input((None,), name="wave")
    x = LogMagnitude(n_fft, dtype="float32")(wave)
    features = []
    for stride in (2, 2, 2, 1):
        x = layers.Conv2D(channels, (3, 9) if stride > 1 else 3, strides=(1, stride), padding="same")(x)
        x = layers.LeakyReLU(negative_slope=0.1)(x)
        features.append(x)
    score = layers.Conv2D(1, 3, padding="same", dtype="float32")(x)
    return keras.Model(wave, [score, *features], name=f"resolution_critic_{n_fft}")


class Folded(layers.Layer):
    """``(B, samples)`` to ``(B, samples // period, period, 1)``; what is left over at the end is not heard."""

    def __init__(self, period: int, **options):
        super().__init__(**options)
        self._period = period

    def call(self, wave):
        rows = ops.shape(wave)[1] // self._period
        return ops.reshape(wave[:, : rows * self._period], (-1, rows, self._period, 1))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], None, self._period, 1)


class LogMagnitude(layers.Layer):
    """``(B, samples)`` to log magnitudes ``(B, T, n_fft // 2 + 1, 1)``, about -1.5 for silence and 0.5 for a sine."""

    def __init__(self, n_fft: int, **options):
        super().__init__(**options)
        self._window = hann(n_fft)

    def call(self, wave):
        size = magnitude(wave, window=self._window, hop_length=len(self._window) // 4)
        return 0.3 * ops.log(size + 1e-3)[..., None] + 0.5

    def compute_output_shape(self, input_shape):
        return (input_shape[0], None, len(self._window) // 2 + 1, 1)
