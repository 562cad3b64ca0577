"""A trained autoencoder as it is used: what is said in a file, said with another voice."""

import math
from typing import Any, NamedTuple

import keras
import numpy as np

from melgan_vc.engine.forward import compiled
from melgan_vc.errors import MelganVcError
from melgan_vc.features.registry import features_of
from melgan_vc.methods.autoencoder.beside import beside_of
from melgan_vc.methods.autoencoder.config import VOICE_PRINT
from melgan_vc.methods.autoencoder.heard_again import HeardAgain
from melgan_vc.methods.autoencoder.moments import encoded_with, moments_of_file
from melgan_vc.methods.autoencoder.played import ringing, transposed
from melgan_vc.methods.autoencoder.prosody import beyond_range
from melgan_vc.methods.autoencoder.retrieval import retrieved
from melgan_vc.methods.autoencoder.statistics import VoiceStatistics, standardised
from melgan_vc.methods.conversion import Conversion
from melgan_vc.methods.reference_clip import reference_sound
from melgan_vc.nets.neutral.voice import neutral_voice

_UNKNOWN = np.full(2, np.nan, np.float32)
"""Middle and spread of a pitch that is left as it is."""


class Source(NamedTuple):
    """What is known of the voice, or of the music, of an input.

    Attributes
    ----------
    content : np.ndarray or None
        Shape ``(2, columns)``: mean and standard deviation of its content; None for content that needs none.
    pitch : np.ndarray
        Shape ``(2,)``: middle and spread of what is told beside content, NaN where there is none, see
        `VoiceStatistics`.
    doubt : str
        Why it is nothing for this run, see `Beside.doubt`; empty where it may be something.
    again : np.ndarray or None
        Shape ``(2, columns)``: the same of its content as it is heard of the neutral voice.
    moments : np.ndarray or None
        See `moments_of_file`; None takes what is typical, of an encoder that takes any away.
    """

    content: np.ndarray | None
    pitch: np.ndarray
    doubt: str = ""
    again: np.ndarray | None = None
    moments: np.ndarray | None = None


class AutoencoderConversion(Conversion):
    """The decoder with one voice, told what a recogniser or an encoder hears in the input."""

    prepares = True

    def __init__(self, config, network, *, to=None, like=None):
        self._pitch = None
        self._beside = beside_of(config.method)
        self._melody: dict[str, Any] = {"semitones": 0.0, "pitch_range": 1.0, "sung": False}
        self._retrieval, self._kept = 0.0, None
        self._encoder = None if network.encoder is None else compiled(network.encoder)
        self._again = None
        if config.method.neutral:
            self._again = HeardAgain(neutral_voice(config.mel), self._beside, config.mel)
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
        beside = self._told_beside([feature.of(wave) for feature in self.features])
        self._pitch = self._beside.statistics([(beside[:, :0], beside)]).pitch
        if self.config.method.voice == "print":
            (prints,) = features_of([VOICE_PRINT], self.config.mel)
            return self.network.like(prints.of(wave))
        return self.network.like(mel)

    @property
    def wanted_pitch(self) -> np.ndarray:
        """Middle and spread ``(2,)`` of the pitch of the voice that it speaks with, see `VoiceStatistics`.

        Of music it is that of the loudness.
        """
        return self._pitch if self.to is None else self.network.decoder.pitch_of(self.to)

    def set_melody(self, *, semitones=0.0, pitch_range=1.0, sung=False):
        """See `Conversion.set_melody`: from where, and how wide, the wanted voice's own is.

        Notes are moved by whole semitones, and their melody is as wide as it is.
        """
        if sung and pitch_range != 1.0:
            raise MelganVcError(
                "Expected no --pitch-range with --semitones auto, which keeps the intervals of a song, received: "
                f"--pitch-range {pitch_range:g}"
            )
        if self.config.method.learns_notes and (pitch_range != 1.0 or semitones != round(semitones)):
            raise MelganVcError(
                "Expected whole semitones and no --pitch-range for music, whose notes are keys, received: "
                f"--semitones {semitones:g} --pitch-range {pitch_range:g}"
            )
        if not 0.0 <= pitch_range < math.inf:
            raise MelganVcError(f"Expected --pitch-range with a number from 0, received: {pitch_range}")
        self._melody = {"semitones": semitones, "pitch_range": pitch_range, "sung": sung}

    def set_retrieval(self, share):
        """See `Conversion.set_retrieval`: of content."""
        if not 0.0 <= share <= 1.0:
            raise MelganVcError(f"Expected --retrieval with a number from 0 to 1, received: {share}")
        if share and (self.to is None or self.network.decoder.kept is None):
            kept = f"a run that keeps none, of content={self.config.method.content}"
            raise MelganVcError(
                "Expected --retrieval with a voice of which frames are kept, received: "
                f"{'--like' if self.to is None else kept}. Train one of content=recognizer with --set "
                "method.retrieval=2048"
            )
        self._retrieval = share
        self._kept = self.network.decoder.kept_of(self.to) if share else None

    def prepare(self, heard):
        """Statistics of the input's content and pitch, and its moments over time."""
        features = [feature.of(heard.wave) for feature in self.features]
        beside = self._told_beside(features)
        found = self._beside.statistics([(self._recognised(features), beside)])
        notes = self._encoder and self.config.method.learns_notes
        told = self._encoded(heard.log_mel[None], None)[0] if notes else features[0]
        doubt = self._beside.doubt(told, beside, self.config.mel, sung=self._melody["sung"])
        moments = None
        if self.config.method.norms_over_time:
            moments = moments_of_file(self._encoder, heard.log_mel, features[-1][:, 0], self._typical_moments)
        content, again = self._with_typical(found), None
        if self._again is not None:
            heard_again = self._again.statistics([(self._recognised(features), beside)], content, found.pitch)
            again = heard_again.with_prior(self.network.decoder.content_of(None, again=True))
        return Source(content, found.pitch, doubt, again, moments)

    def doubt(self, prepared):
        """See `Beside.doubt`; of a song also that it leaves the voice's range."""
        if prepared.doubt or not self._melody["sung"] or self.config.method.learns_notes:
            return prepared.doubt
        return beyond_range(prepared.pitch, self.wanted_pitch, self._melody["semitones"])

    def prepare_domain(self, domain):
        """Of a voice that was trained on; of another, what is typical, and its pitch as it is."""
        decoder, known = self.network.decoder, domain in self.network.decoder.names
        name, pitch = (domain, decoder.pitch_of(domain)) if known else (None, _UNKNOWN)
        content = None if decoder.statistics is None else decoder.content_of(name)
        again = None if decoder.again is None else decoder.content_of(name, again=True)
        return Source(content, pitch, again=again)

    def _told_beside(self, features: list[np.ndarray]) -> np.ndarray:
        """What is told beside content, ``(T, columns)``: the last of the features."""
        return np.concatenate(features[-len(self._beside.features) :], axis=1)

    def _recognised(self, features: list[np.ndarray]) -> np.ndarray:
        """Content ``(T, columns)``, of no columns where it needs no statistics."""
        return features[-1][:, :0] if self._encoder else features[0]

    def _with_typical(self, found: VoiceStatistics) -> np.ndarray | None:
        decoder = self.network.decoder
        return None if decoder.statistics is None else found.with_prior(decoder.content_of(None))

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
        heard = beside = frames[..., -self._beside.columns :]
        if self._encoder:
            content = self._encoded(frames[..., :n_mels], prepared)
        else:
            content = frames[..., n_mels : -self._beside.columns]
        if prepared is not None:
            beside = self._beside.moved(beside, prepared.pitch, self.wanted_pitch, **self._melody)
            if prepared.content is not None:
                content = standardised(content, prepared.content)
        if self._retrieval:
            content = retrieved(content, heard[..., 1], self._kept, self._retrieval)
        if self._again is not None:
            content = self._again(content, heard, _UNKNOWN if prepared is None else prepared.pitch)
            if prepared is not None:
                content = standardised(content, prepared.again)
        if self.config.method.learns_notes:
            content = self._as_played(content)
        told = np.concatenate([content, self._beside.told(beside, self.config.mel)], axis=-1).astype(np.float32)
        return np.clip(keras.ops.convert_to_numpy(self._forward(told)), -1.0, 1.0)

    def _as_played(self, notes: np.ndarray) -> np.ndarray:
        """Notes ``(B, T, 2 * keys)`` held as long as the ensemble holds them, and as high as was asked for."""
        both = notes.reshape(*notes.shape[:2], 2, -1)
        if half_life := self.config.method.release * self.config.mel.frames_per_second:
            both = np.stack([ringing(both[:, :, 0], half_life), both[:, :, 1]], axis=2)
        return transposed(both, round(self._melody["semitones"])).reshape(notes.shape)
