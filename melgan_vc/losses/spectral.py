"""Distances between the spectra of two waveforms."""

import numpy as np
from keras import ops

from melgan_vc.transforms import hann, magnitude, spectrum

RESOLUTIONS = (256, 512, 1024, 2048)
"""Windows in samples; hops are a quarter of them."""

FLOOR = 3e-6
"""Magnitudes below -110 dB of a full-scale sine are all the same."""

MEL_FLOOR = 1e-8
"""The same of mel power, at -80 dB: a band sums up many bins."""


def multi_resolution_stft(real, fake, *, resolutions: tuple[int, ...] = RESOLUTIONS):
    r"""Spectral convergence and log distance, a mean over resolutions.

    .. math:: \frac{\lVert S(x) - S(\hat x) \rVert_F}{\lVert S(x) \rVert_F}
        + E\left[ \lvert \log S(x) - \log S(\hat x) \rvert \right]

    Yamamoto, Song and Kim 2020, "Parallel WaveGAN", eq. 4 to 6.

    Parameters
    ----------
    real, fake : tensor
        Waveforms ``(B, samples)``, at least as long as the largest resolution.
    resolutions : tuple of int
        Windows in samples.

    Returns
    -------
    scalar tensor, at least 0.
    """
    total = 0.0
    for n_fft in resolutions:
        framing = {"window": hann(n_fft), "hop_length": n_fft // 4}
        wanted, found = magnitude(real, **framing), magnitude(fake, **framing)
        distance = ops.sqrt(ops.sum(ops.square(wanted - found)) + 1e-12)
        convergence = distance / (ops.sqrt(ops.sum(ops.square(wanted))) + 1e-4)
        ratio = ops.log(ops.maximum(wanted, FLOOR)) - ops.log(ops.maximum(found, FLOOR))
        total = total + convergence + ops.mean(ops.abs(ratio))
    return total / len(resolutions)


def mel_distance(real, fake, *, filters: np.ndarray, n_fft: int, hop_length: int, fft_length: int):
    r"""Mean absolute difference of log mel power, natural logarithm.

    .. math:: E\left[ \lvert \log M(x) - \log M(\hat x) \rvert \right]

    Kong et al. 2020, "HiFi-GAN", eq. 5.

    Parameters
    ----------
    real, fake : tensor
        Waveforms ``(B, samples)`` of at least ``n_fft`` samples.
    filters : np.ndarray
        Shape ``(n_mels, fft_length // 2 + 1)``, see `mel_filterbank`.
    n_fft, hop_length, fft_length : int
        Of the spectra.

    Returns
    -------
    scalar tensor, at least 0.
    """

    def log_mel(wave):
        parts = spectrum(wave, window=hann(n_fft), hop_length=hop_length, fft_length=fft_length)
        power = ops.square(parts[0]) + ops.square(parts[1])
        return ops.log(ops.matmul(power, np.ascontiguousarray(filters.T)) + MEL_FLOOR)

    return ops.mean(ops.abs(log_mel(real) - log_mel(fake)))
