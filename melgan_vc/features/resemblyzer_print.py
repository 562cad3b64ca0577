"""Whose voice it is, in a second opinion: by a network of other people, trained on other voices."""

import functools

import numpy as np

from melgan_vc.features.packages import import_evaluator
from melgan_vc.features.resemblyzer.network import embedded
from melgan_vc.features.resemblyzer.weights import embedder_weights
from melgan_vc.features.speaker_embedder import SpeakerEmbedder, of_length_one
from melgan_vc.features.speech import SPEECH_RATE, evaluable_speech

_LEVEL_DB = -30.0  # RMS with the pauses in it, as the package measures it
_N_FFT, _HOP_LENGTH, _BANDS = 400, 160, 40
_FRAMES, _STEP = 160, 80  # of a part of 1.6 s, and from one to the next
_LEAST_FILLED = 0.75  # of a last part


class ResemblyzerPrint(SpeakerEmbedder):
    """The d-vector [1]_ of a voice, by the speaker embedder of Resemblyzer.

    A clip is heard in parts of 1.6 s that overlap by half, and their vectors are averaged. It departs from the
    package in two things: loud clips are brought to its level as quiet ones are, because a conversion's level is no
    part of its voice, and pauses are not cut out.

    Vectors have no negative number, so that any two voices have a cosine of about 0.5.

    Parameters
    ----------
    purpose : str
        What it is for, as the sentence says where it is missing.

    Raises
    ------
    MissingEvaluator
        If the weights or librosa, which makes its spectrograms, are not installed.

    References
    ----------
    .. [1] L. Wan et al., "Generalized end-to-end loss for speaker verification", ICASSP 2018.
    """

    def __init__(self, *, purpose: str = "a second opinion on speaker similarity") -> None:
        self._weights = _weights(purpose)
        import_evaluator("librosa", purpose="the spectrograms of a speaker embedder", install="librosa")

    def embed(self, wave: np.ndarray, rate: int) -> np.ndarray | None:
        """See `SpeakerEmbedder.embed`."""
        speech = evaluable_speech(wave, rate)
        if speech is None:
            return None
        return of_length_one(embedded(parts_of(speech), self._weights).mean(axis=0))


def parts_of(speech: np.ndarray) -> np.ndarray:
    """Mel spectrograms ``(P, 160, 40)``, power, of speech ``(samples,)`` at 16 kHz, brought to -30 dBFS.

    The last part is filled up with silence; where less than three quarters of it are speech it is left out, unless it
    is the only one.
    """
    import librosa

    level = np.sqrt(np.mean(np.square(speech, dtype=np.float64)))
    speech = (speech * (10.0 ** (_LEVEL_DB / 20.0) / level)).astype(np.float32)
    frames = -(-(len(speech) + 1) // _HOP_LENGTH)
    starts = list(range(0, max(1, frames - _FRAMES + _STEP + 1), _STEP))
    if len(starts) > 1 and len(speech) < (starts[-1] + _LEAST_FILLED * _FRAMES) * _HOP_LENGTH:
        starts.pop()
    whole = np.pad(speech, (0, max(0, (starts[-1] + _FRAMES) * _HOP_LENGTH - len(speech))))
    mel = librosa.feature.melspectrogram(
        y=whole, sr=SPEECH_RATE, n_fft=_N_FFT, hop_length=_HOP_LENGTH, n_mels=_BANDS
    ).T
    return np.stack([mel[start : start + _FRAMES] for start in starts])


@functools.lru_cache(maxsize=2)
def _weights(purpose: str) -> dict[str, np.ndarray]:
    return embedder_weights(purpose=purpose)
