"""The melody of speech: is it the source's, and how far was it moved?"""

from collections.abc import Mapping

import numpy as np

from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.features.memo import memoized
from melgan_vc.features.packages import import_evaluator
from melgan_vc.features.pitch_track import median_hz, track_pitch

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
        Column(
            "f0_correlation",
            "correlation of log F0 with the source's, where both are voiced",
            "higher",
            judge="librosa",
        ),
        Column("f0_ratio", "median F0 of the conversion over that of the source", judge="librosa"),
    )

    def __init__(self) -> None:
        import_evaluator("librosa", purpose="pitch", install="librosa")
        self._track = memoized(track_pitch)

    def measure(self, clip: Clip) -> Mapping[str, float]:
        """Both figures; NaN without voiced frames, and the correlation also where the lengths differ."""
        source, converted = (self._track(wave, clip.rate) for wave in (clip.source, clip.converted))
        aligned = abs(len(clip.source) - len(clip.converted)) <= _SAME_LENGTH_SECONDS * clip.rate
        return {
            "f0_correlation": log_correlation(source, converted) if aligned else float("nan"),
            "f0_ratio": median_hz(converted) / median_hz(source),
        }


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
