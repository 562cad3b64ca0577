"""How loud a conversion is at each moment: as loud as its source, and in its pauses no louder."""

import numpy as np
import scipy.ndimage

LEVEL_FRAMES = 25
"""Over which levels are compared: 0.4 s, as a momentary loudness."""

_NEAR = 3  # frames: so far from a pause there may be sound
_HEADROOM_DB = 4.0  # of a moment above the source's, where there is sound
_ROUNDS = 2
_PAUSE_DB = -25.0  # beside the level of the whole
_FADE_DB = 10.0
_MOST_GAIN_DB = 20.0
_NOTHING = 1e-20  # of power

LEVEL_REACH = (_ROUNDS + 1) * (LEVEL_FRAMES // 2) + _NEAR + 1
"""Frames before and after a frame that its gain depends on."""


def level_gains(source: np.ndarray, made: np.ndarray, *, level_db: float, usual: float) -> np.ndarray:
    """Factors that make a sound as loud as another at each moment.

    Over 0.4 s the sound gets the other's mean power, so that fades and crescendos stay. Within them it may move as
    it likes, but in a pause it is no louder than the other: noise is not raised, and silence is silent.

    Parameters
    ----------
    source, made : np.ndarray
        Shape ``(T,)``: mean powers of their frames.
    level_db : float
        Gated level of the whole source in dB of full scale, by which a pause is known.
    usual : float
        The factor that is expected; no more than 20 dB beyond it is given, so that a gap is not filled with noise.

    Returns
    -------
    np.ndarray
        Shape ``(T,)``, at least 0.
    """
    near = scipy.ndimage.maximum_filter1d(source, 2 * _NEAR + 1, mode="constant")
    above = 10.0 * np.log10(np.maximum(near, _NOTHING)) - (level_db + _PAUSE_DB)
    headroom = _HEADROOM_DB * np.clip(above / _FADE_DB, 0.0, 1.0)
    momentary = scipy.ndimage.uniform_filter1d(made, 3, mode="constant")
    most = np.sqrt(near * 10.0 ** (headroom / 10.0) / np.maximum(momentary, _NOTHING))
    most = np.minimum(most, usual * 10.0 ** (_MOST_GAIN_DB / 20.0))
    heard, gains = _around(source), np.minimum(1.0, most)
    for _ in range(1 + _ROUNDS):  # what is taken from loud moments is given to the others
        gains = np.minimum(gains * np.sqrt(heard / np.maximum(_around(made * gains**2), _NOTHING)), most)
    return gains


def _around(power: np.ndarray) -> np.ndarray:
    """Mean power over 0.4 s around each frame."""
    window = np.hanning(LEVEL_FRAMES + 2)[1:-1]
    return scipy.ndimage.convolve1d(power, window / window.sum(), mode="constant")


def applied(gains: np.ndarray, hop: int) -> np.ndarray:
    """Gains of frames ``(T,)`` for every sample ``(T * hop,)``: linear from the middle of one to that of the next."""
    middles = (np.arange(len(gains)) + 0.5) * hop
    return np.interp(np.arange(len(gains) * hop), middles, gains).astype(np.float32)
