"""Magnitude spectra of a recording and of what a vocoder made of it, for the distances between them."""

import numpy as np
import scipy.fft

from melgan_vc.evaluate.metrics.metric import Clip

FLOOR = 1e-4
"""Magnitudes below -80 dB of a full-scale sine count as this: what is quieter, nobody hears."""


def magnitudes(wave: np.ndarray, *, n_fft: int, hop_length: int) -> np.ndarray:
    """Magnitudes under a Hann window, for the windows that lie within a waveform.

    Parameters
    ----------
    wave : np.ndarray
        Shape ``(samples,)``, at least ``n_fft``.
    n_fft, hop_length : int
        Length of a window, and the way to the next, in samples.

    Returns
    -------
    np.ndarray
        Shape ``(1 + (samples - n_fft) // hop_length, n_fft // 2 + 1)``; a sine of amplitude 1 peaks at 1.

    Examples
    --------
    >>> sine = np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000)
    >>> round(float(magnitudes(sine, n_fft=512, hop_length=128).max()), 6)
    1.0
    """
    window = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(n_fft) / n_fft)
    windows = np.lib.stride_tricks.sliding_window_view(wave, n_fft)[::hop_length]
    return np.abs(scipy.fft.rfft(windows * (2.0 / window.sum() * window), axis=1))


def aligned(clip: Clip, *, samples: int) -> tuple[np.ndarray, np.ndarray] | None:
    """What went in and what came out, cut to the shorter; None if that is below ``samples``, or one is not finite."""
    length = min(len(clip.source), len(clip.converted))
    pair = clip.source[:length], clip.converted[:length]
    if length < samples or not all(np.isfinite(wave).all() for wave in pair):
        return None
    return pair
