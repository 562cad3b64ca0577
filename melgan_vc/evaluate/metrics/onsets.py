"""Whether notes begin when those of the source do."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.features.memo import memoized
from melgan_vc.features.packages import import_evaluator
from melgan_vc.features.waveforms import comparable

RATE, HOP_LENGTH = 22050, 256


class Onsets(Metric):
    """F-measure of the conversion's onsets, each matched with at most one of the source's within 50 ms.

    Both are what librosa detects (peaks of the spectral flux), so instruments with soft attacks lower it, and dense
    music matches by chance. It tells most where the instruments stay: strings that play a trio's chart have 0.50,
    strings that play another 0.32, and the trio itself backwards 0.46.

    Parameters
    ----------
    tolerance : float
        Seconds that two onsets may be apart.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("onset_f1", "notes begin when the source's do (F-measure, 50 ms)", "higher", judge="librosa"),
    )

    def __init__(self, *, tolerance: float = 0.05):
        self._librosa = import_evaluator("librosa", purpose="onsets", install="librosa")
        self._tolerance = tolerance
        self._onsets = memoized(self._detect)

    def measure(self, clip: Clip) -> Mapping[str, float]:
        source, converted = self._onsets(clip.source, clip.rate), self._onsets(clip.converted, clip.rate)
        if source is None or converted is None or not len(source):
            return {"onset_f1": float("nan")}
        matched = count_matches(source, converted, self._tolerance)
        return {"onset_f1": 2.0 * matched / (len(source) + len(converted))}

    def _detect(self, wave: np.ndarray, rate: int) -> np.ndarray | None:
        """Times in seconds, ascending."""
        wave = comparable(wave, rate, RATE)
        if wave is None:
            return None
        return self._librosa.onset.onset_detect(y=wave, sr=RATE, hop_length=HOP_LENGTH, units="time")


def count_matches(first: np.ndarray, second: np.ndarray, tolerance: float) -> int:
    """How many pairs of ascending times, no time used twice, are within ``tolerance``.

    Pairing the earliest that fit is optimal: an exchange with any other pairing loses none.

    >>> count_matches(np.array([1.0, 2.0, 3.0]), np.array([1.04, 1.96, 2.04, 3.1]), 0.05)
    2
    """
    matched = i = j = 0
    while i < len(first) and j < len(second):
        if abs(first[i] - second[j]) <= tolerance:
            matched, i, j = matched + 1, i + 1, j + 1
        elif first[i] < second[j]:
            i += 1
        else:
            j += 1
    return matched
