"""A trained autoencoder as it is used: what is said in a file, said with another voice."""

from typing import NamedTuple

import keras
import numpy as np

from melgan_vc.engine.forward import compiled
from melgan_vc.errors import MelganVcError
from melgan_vc.features.registry import features_of
from melgan_vc.features.spoken import Spoken
from melgan_vc.methods.autoencoder.config import VOICE_PRINT
from melgan_vc.methods.autoencoder.moments import encoded_with, moments_of_file
from melgan_vc.methods.autoencoder.prosody import moved_pitch, prosody_code
from melgan_vc.methods.autoencoder.statistics import VoiceStatistics, standardised
from melgan_vc.methods.conversion import Conversion
from melgan_vc.methods.reference_clip import reference_sound

_PROSODY_COLUMNS = 3


class Source(NamedTuple):
    """What is known of the voice of an input.

    Attributes
    ----------
    content : np.ndarray or None
        Shape ``(2, columns)``: mean and standard deviation of its content; None for content that needs none.
    pitch : np.ndarray
        Shape ``(2,)``: middle and spread in octaves above 60 Hz, NaN where there is no voice.
    fault : str
        Why nobody speaks in it, see `Spoken.fault`; empty where somebody may.
    moments : np.ndarray or None
        See `moments_of_file`; None takes what is typical, of an encoder that takes any away.
    """

    content: np.ndarray | None
    pitch: np.ndarray
    fault: str = ""
    moments: np.ndarray | None = None


class AutoencoderConversion(Conversion):
    """The decoder with one voice, told what a recogniser or an encoder hears in the input."""

    prepares = True

    def __init__(self, config, network, *, to=None, like=None):
        self._pitch = None
        self._melody = {"semitones": 0.0, "pitch_range": 1.0}
        self._encoder = None if network.encoder is None else compiled(network.encoder)
        super().__init__(config, network, to=to, like=like)

    def _generator_to(self, domain):
        return self.network.of_voice(domain)

    def _generator_like(self, reference):
        if self.network.decoder.reference is None:
            raise MelganVcError(
                "Expected --to with a voice of the model, received: --like, a reference. This run knows no voices "
                "but those that it was trained on; train one with --set method.voice=reference, or =print"
            )
        mel, wave = reference_sound(reference, self.config)
        prosody = np.concatenate([feature.of(wave) for feature in self.features[-2:]], axis=1)
        self._pitch = VoiceStatistics.of([(prosody[:, :0], prosody)]).pitch
        if self.config.method.voice == "print":
            (prints,) = features_of([VOICE_PRINT], self.config.mel)
            return self.network.like(prints.of(wave))
        return self.network.like(mel)

    @property
    def wanted_pitch(self) -> np.ndarray:
        """Middle and spread ``(2,)`` of the pitch of the voice that it speaks with, see `VoiceStatistics`."""
        return self._pitch if self.to is None else self.network.decoder.pitch_of(self.to)

    def set_melody(self, *, semitones=0.0, pitch_range=1.0):
        """See `Conversion.set_melody`: from where, and how wide, the wanted voice's own is."""
        self._melody = {"semitones": semitones, "pitch_range": pitch_range}

    def prepare(self, heard):
        """Statistics of the input's content and pitch, and its moments over time."""
        features = [feature.of(heard.wave) for feature in self.features]
        prosody = np.concatenate(features[-2:], axis=1)
        found = VoiceStatistics.of([(self._recognised(features), prosody)])
        fault = Spoken.of([prosody], self.config.mel.frames_per_second).fault
        moments = None
        if self.config.method.norms_over_time:
            moments = moments_of_file(self._encoder, heard.log_mel, features[-1][:, 0], self._typical_moments)
        return Source(self._with_typical(found), found.pitch, fault, moments)

    def doubt(self, prepared):
        """That nobody speaks in it: there is nothing to say then, and what comes out is babble."""
        if not prepared.fault:
            return ""
        return (
            f"nobody seems to speak in its first half minute of sound: {prepared.fault}. Where there is no speech, "
            "the result is babble as loud as the input; give it speech, or take another method for music"
        )

    def prepare_domain(self, domain):
        """Of a voice that was trained on; of another, what is typical, and its pitch as it is."""
        decoder, known = self.network.decoder, domain in self.network.decoder.names
        content = None if decoder.statistics is None else decoder.content_of(domain if known else None)
        return Source(content, decoder.pitch_of(domain) if known else np.full(2, np.nan, np.float32))

    def _recognised(self, features: list[np.ndarray]) -> np.ndarray:
        """Content ``(T, columns)``, of no columns where it needs no statistics."""
        return features[-1][:, :0] if self._encoder else features[0]

    def _with_typical(self, found: VoiceStatistics) -> np.ndarray | None:
        return None if self._encoder else found.with_prior(self.network.decoder.content_of(None))

    @property
    def _typical_moments(self) -> np.ndarray:
        return keras.ops.convert_to_numpy(self.network.decoder.moments)

    def _encoded(self, mel: np.ndarray, prepared: Source | None) -> np.ndarray:
        """What an encoder or a student tells of log-mels ``(B, T, n_mels)``."""
        if not self.config.method.norms_over_time:
            return keras.ops.convert_to_numpy(self._encoder(mel))
        known = prepared is not None and prepared.moments is not None
        return encoded_with(self._encoder, mel, prepared.moments if known else self._typical_moments)

    def __call__(self, frames, prepared=None):
        """Convert frames, with the `Source` of their input."""
        return self._run(frames, prepared or self.prepare_domain(self.to))

    def _run(self, frames, prepared: Source | None = None):
        """Frames ``(B, T, C)`` to log-mels; without a `Source` as if content were standardised already."""
        n_mels = self.config.mel.n_mels
        prosody = frames[..., -_PROSODY_COLUMNS:]
        if self._encoder:
            content = self._encoded(frames[..., :n_mels], prepared)
        else:
            content = frames[..., n_mels:-_PROSODY_COLUMNS]
        if prepared is not None:
            prosody = moved_pitch(prosody, prepared.pitch, self.wanted_pitch, **self._melody)
            if prepared.content is not None:
                content = standardised(content, prepared.content)
        told = np.concatenate([content, prosody_code(prosody, self.config.mel)], axis=-1).astype(np.float32)
        return np.clip(keras.ops.convert_to_numpy(self._forward(told)), -1.0, 1.0)
