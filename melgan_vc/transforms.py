"""Short-time Fourier transforms that a gradient goes through, in ``keras.ops``, on any backend."""

import keras
import numpy as np
from keras import ops

QUIETEST = 1e-12
"""Added to powers before a root: its gradient at zero is infinite."""


def hann(length: int) -> np.ndarray:
    """Periodic Hann window ``(length,)``, float32, scaled so that a sine of amplitude 1 peaks at 1 in a spectrum."""
    window = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(length) / length)
    return (window * (2.0 / window.sum())).astype(np.float32)


def spectrum(wave, *, window: np.ndarray, hop_length: int, fft_length: int | None = None):
    """Spectra of the windows that lie within a waveform; nothing is padded.

    Parameters
    ----------
    wave : tensor
        Shape ``(B, samples)``.
    window : np.ndarray
        Shape ``(n_fft,)``.
    hop_length : int
        Samples between two windows.
    fft_length : int, optional
        Of the transform, ``n_fft`` by default.

    Returns
    -------
    tuple of tensor
        Real and imaginary parts, each ``(B, 1 + (samples - n_fft) // hop_length, fft_length // 2 + 1)``; phases are
        counted from the start of each window.
    """
    frames = _frames(wave, len(window), hop_length)
    return ops.rfft(frames * window, fft_length=fft_length or len(window))


def _frames(wave, length: int, hop_length: int):
    """Windows ``(B, T, length)`` of a waveform ``(B, samples)``.

    On JAX Keras cuts them with a convolution whose kernel is an identity matrix: more work than all that a vocoder's
    training has beside it.
    """
    if keras.backend.backend() != "jax":
        return ops.extract_sequences(wave, length, hop_length)
    count, rows = 1 + (wave.shape[1] - length) // hop_length, -(-length // hop_length)
    needed = (count + rows - 1) * hop_length
    wave = ops.pad(wave, ((0, 0), (0, max(0, needed - wave.shape[1]))))[:, :needed]
    blocks = ops.reshape(wave, (-1, count + rows - 1, hop_length))
    return ops.concatenate([blocks[:, row : row + count] for row in range(rows)], axis=-1)[..., :length]


def magnitude(wave, *, window: np.ndarray, hop_length: int):
    """Magnitudes of `spectrum`."""
    real, imaginary = spectrum(wave, window=window, hop_length=hop_length)
    return ops.sqrt(ops.square(real) + ops.square(imaginary) + QUIETEST)


def overlap_add(frames, hop_length: int):
    """Sum frames ``(B, T, n)`` that begin ``hop_length`` samples apart to ``(B, (T + ceil(n / hop) - 1) * hop)``."""
    rows = -(-frames.shape[-1] // hop_length)
    frames = ops.pad(frames, ((0, 0), (0, 0), (0, rows * hop_length - frames.shape[-1])))
    parts = [
        ops.pad(frames[..., row * hop_length : (row + 1) * hop_length], ((0, 0), (row, rows - 1 - row), (0, 0)))
        for row in range(rows)
    ]
    total = sum(parts[1:], parts[0])
    return ops.reshape(total, (-1, ops.shape(total)[1] * hop_length))


def inverse_spectrum(real, imaginary, *, window: np.ndarray, hop_length: int, fft_length: int | None = None):
    """Waveform nearest to spectra ``(B, T, fft_length // 2 + 1)``, the inverse of `spectrum` where windows overlap.

    Least squares (Griffin and Lim 1984, eq. 6) for a signal that goes on at both ends: within ``n_fft`` samples of
    them it is too quiet.

    Returns
    -------
    tensor
        Shape ``(B, samples)``, beginning with the first sample of the first window.
    """
    frames = ops.irfft((real, imaginary), fft_length=fft_length or len(window))[..., : len(window)]
    rows = -(-len(window) // hop_length)
    squared = np.zeros(rows * hop_length, np.float64)
    squared[: len(window)] = window.astype(np.float64) ** 2
    period = squared.reshape(rows, hop_length).sum(axis=0)  # of all windows over a sample
    gain = np.resize(1.0 / period, rows * hop_length)[: len(window)]
    return overlap_add(frames * (window * gain).astype(np.float32), hop_length)
