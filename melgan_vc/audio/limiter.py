"""A limiter: what would go beyond full scale is turned down around its peaks, not cut off."""

from collections.abc import Iterable, Iterator

import numpy as np
import scipy.ndimage
import scipy.signal

from melgan_vc.audio.blocks import exactly, in_rows
from melgan_vc.audio.chunks import ChunkedPass, Reach

CEILING = 10.0 ** (-0.1 / 20.0)
"""Of true peaks, -0.1 dB of full scale: room for the rounding of the samples that are written."""

_ROW_SECONDS = 0.001
_HELD = 8  # rows before and after a peak
_OVERSAMPLED = 4
_HARMLESS = 0.7  # of a sample: sound has no peaks between two of them that are 3 dB higher
_LEVEL_ROWS = 401  # over which the level is held
_ROUNDS = 3
_MOST_DRIVE = 2.0
_CHUNK = 2048  # rows
_REACH = _ROUNDS * (_LEVEL_ROWS // 2 + _HELD + 3)


def limited(
    blocks: Iterable[np.ndarray], rate: int, *, samples: int, channels: int, ceiling: float = CEILING
) -> Iterator[np.ndarray]:
    """Sound whose true peaks are no higher than a ceiling, in constant memory.

    Peaks are looked for in the sound at four times its rate, as ITU-R BS.1770-4 (annex 2) does. Around one, all
    channels are turned down together, smoothly over 8 ms on either side. The level over 0.4 s stays: what lies
    between the peaks is raised by as much as they have cost, up to 6 dB. What needs no limiting stays as it is, to
    the bit.

    Parameters
    ----------
    blocks : iterable of np.ndarray
        Consecutive pieces ``(samples, channels)``, float32.
    rate : int
        Sampling rate in Hz.
    samples, channels : int
        Of the whole.
    ceiling : float
        Greatest magnitude.

    Yields
    ------
    np.ndarray
        Pieces ``(samples, channels)``, as many samples in all.
    """
    row = max(1, round(rate * _ROW_SECONDS))

    def run(frames: np.ndarray) -> np.ndarray:
        sound = frames.reshape(-1, channels)
        if np.abs(sound).max(initial=0.0) <= _HARMLESS * ceiling:
            return sound[None]
        return (sound * _gains(sound, row, ceiling)[:, None])[None]

    silence = np.zeros(row * channels, np.float32)
    chunked = ChunkedPass(
        run, reach=Reach(_REACH, _REACH), silence=silence, chunk=_CHUNK, rows=row, same_length=False
    )
    yield from exactly(chunked.stream(in_rows(blocks, row)), samples, channels)


def _gains(sound: np.ndarray, row: int, ceiling: float) -> np.ndarray:
    """A factor for each sample ``(samples,)`` of sound ``(samples, channels)`` in whole rows."""
    fine = scipy.signal.resample_poly(sound, _OVERSAMPLED, 1, axis=0)
    peaks = np.abs(fine).reshape(-1, _OVERSAMPLED * row * sound.shape[1]).max(axis=1)
    middles, samples = (np.arange(len(peaks)) + 0.5) * row, np.arange(len(sound))
    gains, drive = np.ones(len(sound), np.float32), np.ones(len(peaks))
    if peaks.max() <= ceiling:
        return gains
    power = np.square(sound, dtype=np.float64).mean(axis=1)
    level = _around(power.reshape(-1, row).mean(axis=1))
    for _ in range(_ROUNDS):
        gains = np.interp(samples, middles, drive * _turned_down(drive * peaks, ceiling)).astype(np.float32)
        left = _around((power * np.square(gains)).reshape(-1, row).mean(axis=1))
        drive = np.minimum(drive * np.sqrt(level / np.maximum(left, 1e-20)), _MOST_DRIVE)
    return gains


def _turned_down(peaks: np.ndarray, ceiling: float) -> np.ndarray:
    """Smooth factors of rows ``(T,)`` that keep their peaks below the ceiling."""
    wanted = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    # Held for longer than it is smoothed, so that a peak and its neighbours get all that they need.
    held = scipy.ndimage.minimum_filter1d(wanted, 2 * _HELD + 3, mode="nearest")
    window = np.hanning(2 * _HELD + 3)[1:-1]
    return scipy.ndimage.convolve1d(held, window / window.sum(), mode="nearest")


def _around(power: np.ndarray) -> np.ndarray:
    """Power over 0.4 s around each row."""
    window = np.hanning(_LEVEL_ROWS + 2)[1:-1]
    return scipy.ndimage.convolve1d(power, window / window.sum(), mode="nearest")
