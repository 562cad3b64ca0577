"""What is said: phonemes, as a recogniser of English hears them."""

import numpy as np

from melgan_vc.features.packages import import_evaluator
from melgan_vc.features.speech import SPEECH_RATE, evaluable_speech


class PhonemeRecogniser:
    """The phoneme recogniser of the hama package.

    It knows English; what it hears in another language is wrong but repeatable.

    Raises
    ------
    MissingEvaluator
        If the package is not installed.
    """

    def __init__(self) -> None:
        hama = import_evaluator("hama", purpose="the phoneme error rate", install="hama==1.7.0 jiwer==4.0.0")
        self._model = hama.ASRModel()

    def __call__(self, wave: np.ndarray, rate: int) -> list[str] | None:
        """Phonemes (IPA) heard in a clip.

        Parameters
        ----------
        wave : np.ndarray
            Shape ``(samples,)``, full scale is ±1.
        rate : int
            Its sampling rate in Hz.

        Returns
        -------
        list of str or None
            In the order in which they are heard; None if the clip is too short or silent.
        """
        speech = evaluable_speech(wave, rate)
        return None if speech is None else self._model.transcribe_waveform(speech, SPEECH_RATE).phonemes
