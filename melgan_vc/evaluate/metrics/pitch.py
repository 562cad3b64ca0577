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
        Column(
            "tuning_cents",
            "cents between its F0 and the source's, moved by whole semitones: median, where both are voiced",
            "lower",
            judge="librosa",
        ),
        Column(
            "voicing_errors", "share of frames in which one is voiced and the other is not", "lower", judge="librosa"
        ),
    )

    def __init__(self) -> None:
        import_evaluator("librosa", purpose="pitch", install="librosa")
        self._track = memoized(track_pitch)

    def measure(self, clip: Clip) -> Mapping[str, float]:
        """All figures; NaN without voiced frames, and but for the ratio also where the lengths differ."""
        source, converted = (self._track(wave, clip.rate) for wave in (clip.source, clip.converted))
        aligned = abs(len(clip.source) - len(clip.converted)) <= _SAME_LENGTH_SECONDS * clip.rate
        compared = {"f0_correlation": log_correlation, "tuning_cents": out_of_tune, "voicing_errors": voicing_errors}
        figures = {name: of(source, converted) if aligned else float("nan") for name, of in compared.items()}
        return figures | {"f0_ratio": median_hz(converted) / median_hz(source)}


def out_of_tune(first: np.ndarray, second: np.ndarray) -> float:
    """Median distance in cents of two pitch tracks ``(frames,)``, one of them moved by whole semitones to the other.

    NaN of fewer than ten frames that are voiced in both.

    >>> rise = np.linspace(100.0, 200.0, 20)
    >>> round(out_of_tune(rise, 2.0 ** (-7 / 12 + 20 / 1200) * rise), 6)
    20.0
    """
    frames = min(len(first), len(second))
    cents = 1200.0 * (np.log2(second[:frames]) - np.log2(first[:frames]))
    cents = cents[np.isfinite(cents)]
    if len(cents) < _FEWEST_VOICED:
        return float("nan")
    return float(np.median(np.abs(cents - 100.0 * np.round(np.median(cents) / 100.0))))


def voicing_errors(first: np.ndarray, second: np.ndarray) -> float:
    """Share of frames in which one of two pitch tracks ``(frames,)`` is voiced and the other is not; NaN of none.

    >>> voicing_errors(np.array([100.0, 100.0, np.nan, np.nan]), np.array([90.0, np.nan, np.nan, np.nan]))
    0.25
    """
    frames = min(len(first), len(second))
    voiced = np.isfinite(first[:frames]), np.isfinite(second[:frames])
    return float(np.mean(voiced[0] != voiced[1])) if frames and np.any(voiced) else float("nan")


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
