"""A first guess of the phase from the magnitude alone, for Griffin-Lim to start from."""

import numpy as np

from melgan_vc.config.mel import MelConfig


def _peaks(magnitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Spectral peaks of all frames and how many bins each one owns, both ``(n_peaks,)``.

    A peak is an index into the flattened magnitude and owns the bins of its frame that are nearest to it.
    A frame without a peak counts as having one at bin 0, so every bin has an owner.
    """
    n_bins = magnitude.shape[1]
    is_peak = np.zeros(magnitude.shape, bool)
    np.greater(magnitude[:, 1:-1], magnitude[:, :-2], out=is_peak[:, 1:-1])
    is_peak[:, 1:-1] &= magnitude[:, 1:-1] >= magnitude[:, 2:]
    is_peak[~is_peak.any(axis=1), 0] = True
    peaks = np.flatnonzero(is_peak)
    frame = peaks // n_bins
    first = frame * n_bins
    same = frame[1:] == frame[:-1]
    first[1:][same] = (peaks[1:][same] + peaks[:-1][same]) // 2 + 1
    return peaks, np.diff(first, append=magnitude.size)


def _peak_frequency(magnitude: np.ndarray, peaks: np.ndarray) -> np.ndarray:
    """Where the parabola through the log magnitudes around each peak has its top, in bins, ``(n_peaks,)``."""
    bins = peaks % magnitude.shape[1]
    at = np.clip(peaks, 1, magnitude.size - 2)
    left, middle, right = (np.log(magnitude.take(at + shift) + np.float32(1e-9)) for shift in (-1, 0, 1))
    curvature = np.minimum(left - 2.0 * middle + right, np.float32(-1e-6))
    offset = np.clip(0.5 * (left - right) / curvature, -0.5, 0.5)
    return np.where(bins > 0, bins + offset, 0).astype(np.float32)


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
    frames, n_bins = magnitude.shape
    peaks, owned = _peaks(magnitude)
    frequency = _peak_frequency(magnitude, peaks)
    # What follows is done for the peaks alone, a quarter of the bins. `before` is the peak that owns the same
    # bin one frame earlier.
    ends = np.searchsorted(peaks, np.arange(1, frames + 1) * n_bins)
    owner = np.repeat(np.arange(len(peaks)), owned)
    before = np.zeros(len(peaks), np.intp)
    before[ends[0] :] = owner[peaks[ends[0] :] - n_bins]
    # Half a hop at the frequency of either frame: 2 dB closer on speech than a whole one at the new.
    cycles = (frequency[before] + frequency) * np.float32(0.5 * config.hop_length / config.fft_length)
    cycles -= np.floor(cycles)  # so that float32 suffices for their sum
    cycles[: ends[0]] = 0.0
    for start, stop in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        cycles[start:stop] += cycles[before[start:stop]]
    cycles *= np.float32(2.0 * np.pi)
    phase = np.empty(len(peaks), np.complex64)
    np.cos(cycles, out=phase.real)
    np.sin(cycles, out=phase.imag)
    # The transform counts time from the start of the window, the peaks from its centre.
    to_start = np.exp(-1j * np.pi / config.zero_padding * np.arange(n_bins)).astype(np.complex64)
    spectrum = phase.take(owner).reshape(magnitude.shape)
    spectrum *= magnitude
    spectrum *= to_start
    return spectrum
