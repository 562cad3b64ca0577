"""The melody of speech: is it the source's, and how far was it moved?"""

from collections.abc import Mapping

import numpy as np

from melgan_vc.evaluate.metric import Clip, Column, Metric
from melgan_vc.evaluate.packages import import_evaluator
from melgan_vc.evaluate.remembered import remembered
from melgan_vc.evaluate.speech import SPEECH_RATE, evaluable_speech

HOP_SECONDS = 0.016
FMIN, FMAX = 60.0, 500.0
"""Range searched, in Hz: a low man's voice to a child's."""

_SAME_LENGTH_SECONDS = 0.1
_FEWEST_VOICED = 10  # frames, 0.16 s: fewer make no correlation


class Pitch(Metric):
    """Fundamental frequency of the conversion against that of the source.

    Raises
    ------
    MissingEvaluator
        If librosa is not installed.
    """

    columns = (
        Column("f0_correlation", "correlation of log F0 with the source's, where both are voiced", "higher"),
        Column("f0_ratio", "median F0 of the conversion over that of the source"),
    )

    def __init__(self) -> None:
        import_evaluator("librosa", purpose="pitch", install="librosa")
        self._track = remembered(track_pitch)

    def measure(self, clip: Clip) -> Mapping[str, float]:
        """Both figures; NaN without voiced frames, and the correlation also where the lengths differ."""
        source, converted = (self._track(wave, clip.rate) for wave in (clip.source, clip.converted))
        aligned = abs(len(clip.source) - len(clip.converted)) <= _SAME_LENGTH_SECONDS * clip.rate
        return {
            "f0_correlation": log_correlation(source, converted) if aligned else float("nan"),
            "f0_ratio": median_hz(converted) / median_hz(source),
        }


def track_pitch(wave: np.ndarray, rate: int) -> np.ndarray:
    """Fundamental frequency of speech, by probabilistic YIN [1]_.

    Parameters
    ----------
    wave : np.ndarray
        Shape ``(samples,)``, full scale is ±1.
    rate : int
        Its sampling rate in Hz.

    Returns
    -------
    np.ndarray
        Shape ``(frames,)``, one frame every 16 ms, in Hz from 60 to 500; NaN where there is no voice. Of shape
        ``(0,)`` if the clip is silent or shorter than half a second.

    References
    ----------
    .. [1] M. Mauch, S. Dixon, "pYIN: a fundamental frequency estimator using probabilistic threshold
       distributions", ICASSP 2014.
    """
    import librosa

    speech = evaluable_speech(wave, rate)
    if speech is None:
        return np.zeros(0)
    # Steps of a fifth of a semitone: three times as fast as a tenth, and the two tracks differ by 7 cents.
    hertz, _, _ = librosa.pyin(
        speech,
        sr=SPEECH_RATE,
        fmin=FMIN,
        fmax=FMAX,
        frame_length=1024,
        hop_length=round(HOP_SECONDS * SPEECH_RATE),
        resolution=0.2,
    )
    return hertz


def median_hz(hertz: np.ndarray) -> float:
    """Median of the voiced frames in Hz; NaN if there are none."""
    voiced = hertz[np.isfinite(hertz)]
    return float(np.median(voiced)) if len(voiced) else float("nan")


def log_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Pearson correlation of two pitch tracks ``(frames,)`` on a log scale, over frames voiced in both.

    NaN if these are fewer than ten, or if either track does not move.

    >>> rise = np.linspace(100.0, 200.0, 20)
    >>> round(log_correlation(rise, 0.6 * rise), 6)
    1.0
    """
    frames = min(len(first), len(second))
    both = np.stack([np.log(first[:frames]), np.log(second[:frames])])
    both = both[:, np.isfinite(both).all(axis=0)]
    if both.shape[1] < _FEWEST_VOICED or np.min(np.std(both, axis=1)) < 1e-6:
        return float("nan")
    return float(np.corrcoef(both)[0, 1])
