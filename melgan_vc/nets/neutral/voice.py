"""What is said, heard again after one voice has said it."""

import keras
import numpy as np
from keras import ops

from melgan_vc.config.mel import MelConfig
from melgan_vc.engine.shipped_file import shipped_file
from melgan_vc.nets.mel_decoder import mel_decoder
from melgan_vc.nets.packed_weights import unpacked
from melgan_vc.nets.student.weights import trained_student

SHA256 = "da03c2a15dd14cc4fd7c9c80b7e1c41822ff1f911aa6180fcafc4168db9d63c0"
"""Of the file that ships."""

_LOOK_AHEAD = 12  # frames, of the student that hears it


class NeutralVoice(keras.Model):
    """A voice, and a student that listens to it. Both learn nothing.

    Maps what a decoder is told ``(B, T, columns + P)``, a recogniser's content and prosody at this voice's pitch, to
    content ``(B, T, columns)`` as the student hears it in what the voice makes of that.

    Parameters
    ----------
    decoder : keras.Model
        See `melgan_vc.nets.mel_decoder.mel_decoder`.
    vector : np.ndarray
        Shape ``(S,)``: the voice's.
    pitch : np.ndarray
        Shape ``(2,)``: middle and spread of its pitch, in octaves above 60 Hz.
    student : keras.Model
        See `melgan_vc.nets.content_encoder.content_encoder`.
    """

    def __init__(self, decoder: keras.Model, vector: np.ndarray, pitch: np.ndarray, student: keras.Model):
        super().__init__(name="neutral_voice")
        self.decoder = decoder
        self.student = student
        self.pitch = pitch
        self._vector = vector[None]
        self.trainable = False
        self.built = True

    def call(self, told, training=False):
        """Content."""
        voice = ops.broadcast_to(self._vector, (ops.shape(told)[0], self._vector.shape[-1]))
        return self.student(ops.clip(self.decoder([told, voice]), -1.0, 1.0))


def neutral_voice(mel: MelConfig) -> NeutralVoice:
    """The voice that ships, with a student that ships.

    Raises
    ------
    MelganVcError
        If a file is missing or another than that which ships, or is for other log-mels.
    """
    settings, (*weights, vector) = unpacked(shipped_file(__package__, "voice.npz", SHA256))
    MelConfig.model_validate(settings.pop("mel")).require_same(mel, mine="the neutral voice", theirs="the run")
    pitch = np.array(settings.pop("pitch"), np.float32)
    decoder = mel_decoder(mel.n_mels, style=len(vector), **settings)
    decoder.set_weights(weights)
    return NeutralVoice(decoder, vector, pitch, trained_student(mel, look_ahead=_LOOK_AHEAD))
