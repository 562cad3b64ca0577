"""What is said, heard again after the neutral voice has said it."""

import keras
import numpy as np

from melgan_vc.config.mel import MelConfig
from melgan_vc.engine.forward import compiled
from melgan_vc.methods.autoencoder.beside import Beside, Pieces
from melgan_vc.methods.autoencoder.statistics import VoiceStatistics, standardised
from melgan_vc.nets.neutral.voice import NeutralVoice


class HeardAgain:
    """A neutral voice as it is used.

    Parameters
    ----------
    voice : NeutralVoice
        What says it and hears it.
    beside : Beside
        What a decoder is told beside content.
    mel : MelConfig
        Of the log-mels.
    """

    def __init__(self, voice: NeutralVoice, beside: Beside, mel: MelConfig):
        self._voice, self._beside, self._mel = voice, beside, mel
        self._forward = compiled(voice)

    def __call__(self, content: np.ndarray, beside: np.ndarray, pitch: np.ndarray) -> np.ndarray:
        """Content as it is heard again.

        Parameters
        ----------
        content : np.ndarray
            Shape ``(B, T, C)``: a recogniser's, standardised.
        beside : np.ndarray
            Shape ``(B, T, columns)``: what is told beside it, as it is in the source.
        pitch : np.ndarray
            Shape ``(2,)``: middle and spread of the source's pitch, NaN where unknown.
        """
        moved = self._beside.moved(beside, pitch, self._voice.pitch)
        told = np.concatenate([content, self._beside.told(moved, self._mel)], axis=-1)
        return keras.ops.convert_to_numpy(self._forward(told.astype(np.float32)))

    def statistics(self, pieces: Pieces, content: np.ndarray, pitch: np.ndarray) -> VoiceStatistics:
        """Of what is heard again of one source.

        Parameters
        ----------
        pieces : iterable of (np.ndarray, np.ndarray)
            Of a recogniser's content, see `Pieces`.
        content, pitch : np.ndarray
            Shapes ``(2, C)`` and ``(2,)``: the source's statistics of both, see `VoiceStatistics`.
        """
        return self._beside.statistics(
            (self(standardised(heard, content)[None], beside[None], pitch)[0], beside) for heard, beside in pieces
        )
