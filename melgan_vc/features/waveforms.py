"""A clip at the rate and the level that a metric wants."""

from collections.abc import Sequence

import numpy as np
import soxr

from melgan_vc.audio.loudness import gain, level_of

LEVEL_DB = -20.0
"""RMS level of full scale at which clips are compared: a conversion that is merely quieter loses nothing."""


def comparable(wave: np.ndarray, rate: int, wanted: int, *, seconds: float = 1.0) -> np.ndarray | None:
    """Resample a clip and bring it to -20 dBFS (gated RMS).

    Parameters
    ----------
    wave : np.ndarray
        Shape ``(samples,)``, full scale is ±1.
    rate, wanted : int
        Sampling rates in Hz: what it has, and what it is to have.
    seconds : float
        What is shorter has no figure.

    Returns
    -------
    np.ndarray or None
        Shape ``(samples,)``, float32, peaks may pass ±1; None for a clip that is too short, silent or not finite.

    Examples
    --------
    >>> comparable(np.ones(44100, np.float32), 44100, 22050).shape
    (22050,)
    >>> comparable(np.zeros(44100, np.float32), 44100, 22050) is None
    True
    """
    wave = np.asarray(wave, np.float32)
    if len(wave) < seconds * rate or not np.isfinite(wave).all():
        return None
    level_db = level_of(wave, rate)
    if level_db == float("-inf"):
        return None
    return soxr.resample(wave * np.float32(gain(level_db, LEVEL_DB)), rate, wanted)


def thinned(clips: Sequence[np.ndarray], most: int) -> Sequence[np.ndarray]:
    """Every clip, or every second, or third: as few as it takes for at most ``most``.

    >>> thinned([1, 2, 3, 4, 5], 2)
    [1, 4]
    """
    return clips[:: max(1, -(-len(clips) // most))]


def cosine(first: np.ndarray, second: np.ndarray) -> float:
    """Cosine of the angle between two arrays of one shape; NaN if one is all zeros.

    >>> round(cosine(np.array([1.0, 0.0]), np.array([1.0, 1.0])), 3)
    0.707
    """
    norms = np.linalg.norm(first) * np.linalg.norm(second)
    return float(np.vdot(first, second) / norms) if norms > 0 else float("nan")
