"""Whether the harmony is still that of the source."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.features.memo import memoized
from melgan_vc.features.packages import import_evaluator
from melgan_vc.features.waveforms import comparable, thinned

RATE, HOP_LENGTH = 22050, 512
MOST_PIECES = 16
SHORTEST_SECONDS = 3.0
"""As long as the filter of the lowest note."""


class Chroma(Metric):
    """Cosine between the chroma of conversion and source, frame by frame.

    Chroma is CENS [1]_: energy of the twelve pitch classes, smoothed over about a second, which ignores who plays the
    notes and how. Even unrelated pieces have a cosine far above 0, for all chroma is positive. The margin takes that
    away: it is the cosine minus the median cosine between the conversion and pieces of the target. A jazz trio and
    strings that play one chart have a cosine of 0.83 and a margin of 0.38, two charts 0.51 and 0.06.

    References
    ----------
    .. [1] M. Müller and S. Ewert, "Chroma toolbox: MATLAB implementations for extracting variants of chroma-based
       audio features", ISMIR, 2011.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("chroma_cosine", "same harmony as the source, frame by frame", "higher", judge="librosa"),
        Column("chroma_margin", "that, above what unrelated pieces of the target have", "higher", judge="librosa"),
    )

    def __init__(self):
        self._librosa = import_evaluator("librosa", purpose="chroma", install="librosa")
        self._chroma = memoized(self._analyse)
        self._pieces: list[np.ndarray] = []

    def prepare(self, source: Sequence[np.ndarray], target: Sequence[np.ndarray], rate: int) -> None:
        chromas = [self._chroma(wave, rate) for wave in thinned(target, MOST_PIECES)]
        self._pieces = [chroma for chroma in chromas if chroma is not None]

    def measure(self, clip: Clip) -> Mapping[str, float]:
        source, converted = self._chroma(clip.source, clip.rate), self._chroma(clip.converted, clip.rate)
        if source is None or converted is None:
            return {"chroma_cosine": float("nan"), "chroma_margin": float("nan")}
        own = mean_cosine(converted, source)
        others = [mean_cosine(converted, piece) for piece in self._pieces]
        others = [other for other in others if np.isfinite(other)]
        return {"chroma_cosine": own, "chroma_margin": own - float(np.median(others)) if others else float("nan")}

    def _analyse(self, wave: np.ndarray, rate: int) -> np.ndarray | None:
        """CENS ``(T, 12)`` with frames of length 1, or of length 0 where there is silence."""
        wave = comparable(wave, rate, RATE, seconds=SHORTEST_SECONDS)
        if wave is None:
            return None
        # A fixed tuning: an estimate would differ between two clips that are to be compared.
        chroma = self._librosa.feature.chroma_cens(y=wave, sr=RATE, hop_length=HOP_LENGTH, tuning=0.0).T
        loudness = self._librosa.feature.rms(y=wave, hop_length=HOP_LENGTH)[0]
        return np.where(loudness[: len(chroma), None] > 1e-4, chroma, 0.0)


def mean_cosine(first: np.ndarray, second: np.ndarray) -> float:
    """Mean cosine of frames ``(T, 12)`` of length 1 or 0, over the time and the frames that both have."""
    frames = min(len(first), len(second))
    first, second = first[:frames], second[:frames]
    both = first.any(axis=1) & second.any(axis=1)
    return float(np.mean(np.sum(first * second, axis=1)[both])) if both.any() else float("nan")
