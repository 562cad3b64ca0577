"""A first guess of the phase from the magnitude alone, for Griffin-Lim to start from."""

import numpy as np

from melgan_vc.mel_config import MelConfig


def _nearest_peak(magnitude: np.ndarray) -> np.ndarray:
    """Index of the spectral peak closest to each bin, ``(T, n_bins)``, intp; 0 where there is none."""
    frames, n_bins = magnitude.shape
    # The narrowest integers that hold three times the number of bins: half the time of wide ones.
    bins = np.arange(n_bins, dtype=np.int16 if n_bins < 8192 else np.int32)
    is_peak = np.zeros((frames, n_bins), bool)
    np.greater(magnitude[:, 1:-1], magnitude[:, :-2], out=is_peak[:, 1:-1])
    is_peak[:, 1:-1] &= magnitude[:, 1:-1] >= magnitude[:, 2:]
    far = bins.dtype.type(2 * n_bins)
    below = np.maximum.accumulate(np.where(is_peak, bins, -far), axis=1)
    above = np.minimum.accumulate(np.where(is_peak, bins, far)[:, ::-1], axis=1)[:, ::-1]
    nearest = np.where(bins - below <= above - bins, below, above)
    nearest[(nearest < 0) | (nearest >= n_bins)] = 0
    return nearest.astype(np.intp)


def _peak_offset(magnitude: np.ndarray) -> np.ndarray:
    """Where the parabola through three neighbouring log magnitudes has its top, in bins around each bin."""
    decibels = np.log(magnitude + np.float32(1e-9))
    left, middle, right = decibels[:, :-2], decibels[:, 1:-1], decibels[:, 2:]
    curvature = np.minimum(left - 2.0 * middle + right, np.float32(-1e-6))
    offset = np.zeros_like(magnitude)
    offset[:, 1:-1] = np.clip(0.5 * (left - right) / curvature, -0.5, 0.5)
    return offset


def peak_phase_spectrum(magnitude: np.ndarray, config: MelConfig) -> np.ndarray:
    """Give each spectral peak the phase of a sinusoid that runs on from the frame before.

    Single-pass spectrum inversion (Beauregard, Harish and Wyse, DSP 2015): the frequency of a peak comes
    from a parabola through its neighbours, its phase from that of the same bin one frame earlier,
    and all bins of a peak share it (seen from the centre of the window). The first frame starts from zero,
    so a call on a fixed group of frames is a function of these frames alone.

    Parameters
    ----------
    magnitude : np.ndarray
        Shape ``(T, n_bins)``, float32.
    config : MelConfig
        The spectrogram's settings.

    Returns
    -------
    np.ndarray
        Shape ``(T, n_bins)``, complex64, of the given magnitude.
    """
    peaks = _nearest_peak(magnitude)
    frequency = np.take_along_axis(_peak_offset(magnitude), peaks, axis=1)
    frequency += peaks
    frequency *= config.hop_length / config.fft_length  # in cycles per hop
    # Half a hop at the frequency of either frame: 2 dB closer on speech than a whole one at the new.
    advance = np.take_along_axis(frequency[:-1], peaks[1:], axis=1)
    advance += frequency[1:]
    advance *= 0.5
    advance -= np.floor(advance)  # so that float32 suffices for their sum
    cycles = np.empty_like(magnitude)
    cycles[0] = 0.0
    for frame, step in enumerate(advance, start=1):
        np.take(cycles[frame - 1], peaks[frame], out=cycles[frame], mode="clip")
        cycles[frame] += step
    # The transform counts time from the start of the window, the peaks from its centre.
    cycles -= 0.5 / config.zero_padding * np.arange(config.n_bins, dtype=np.float32) % 1.0
    cycles *= np.float32(2.0 * np.pi)
    spectrum = np.empty(magnitude.shape, np.complex64)
    np.multiply(magnitude, np.cos(cycles), out=spectrum.real)
    np.multiply(magnitude, np.sin(cycles), out=spectrum.imag)
    return spectrum
