"""A trained StarGAN as it is used: to a domain or like a clip, with its voice brought there before and after."""

from dataclasses import dataclass, replace

import numpy as np
from keras import ops

from melgan_vc.audio.bands import Bands, match_bands
from melgan_vc.audio.voice import Voice, Voices, move_voice
from melgan_vc.methods.conversion import Conversion
from melgan_vc.methods.reference_clip import analyse_reference


@dataclass(frozen=True)
class Adaptation:
    """What is done to the log-mels of one input beside translating them.

    Attributes
    ----------
    before : tuple of np.ndarray
        For `move_voice`: from its voice to the one that is wanted.
    after : tuple of np.ndarray or None
        For `match_bands`: from the bands of what was translated to those that are wanted.
    """

    before: tuple[np.ndarray, np.ndarray, np.ndarray]
    after: tuple[np.ndarray, np.ndarray] | None = None


class StarganConversion(Conversion):
    """The generator with one style.

    Attributes
    ----------
    voice : Voice or None
        What an input's voice is brought to before it is translated; None leaves it as it is.
    """

    def __init__(self, config, network, *, to=None, like=None):
        self.voice = None  # of a reference, which the base class asks for
        super().__init__(config, network, to=to, like=like)
        self._take_voices()

    def _generator_to(self, domain):
        return self.network.towards(domain)

    def _generator_like(self, reference):
        mel, found = analyse_reference(reference, self.config)
        self.voice = self._as_far_as_matched(found)
        return self.network.like(mel)

    @property
    def prepares(self):
        """Whether a voice is to be brought to another."""
        return self.voice is not None

    def set_weights(self, weights):
        """Give the network other weights, and with them other bands."""
        super().set_weights(weights)
        self._take_voices()

    def prepare(self, heard):
        """What brings an input to the wanted voice; None where no voice is to be brought to another."""
        if self.voice is None:
            return None
        return self.prepare_voice(Voice.heard(heard.wave, self.config.mel.rate, heard.log_mel), heard.log_mel)

    def prepare_voice(self, own: Voice, log_mel: np.ndarray) -> Adaptation:
        """The same for an input whose voice is known.

        Its beginning, ``(T, n_mels)``, is translated to see how far from the wanted bands it is then.
        """
        before = Adaptation(self._voices.moves(own, self.voice))
        if self.voice.bands is None or own.bands is None:
            return before
        bands = Bands.of(self.whole(log_mel, before))
        if bands is None:
            return before
        return replace(before, after=bands.towards(self.voice.bands, self._voices.typical))

    def prepare_domain(self, domain):
        """From the typical voice of a domain."""
        return None if self.voice is None else Adaptation(self._voices.moves(self._voice_of(domain), self.voice))

    def __call__(self, frames, prepared=None):
        """Convert frames, with the `Adaptation` of their input."""
        if prepared is None:
            return self._run(frames)
        translated = self._run(move_voice(frames, *prepared.before).astype(np.float32))
        return translated if prepared.after is None else match_bands(translated, *prepared.after).astype(np.float32)

    def _take_voices(self) -> None:
        bands = self._bands()
        # Short clips vary as the domains do on average.
        self._voices = Voices(self.config.mel, None if bands is None else bands[:, 1:].mean(axis=0))
        if self.to is not None:
            self.voice = self._voice_of(self.to)

    def _bands(self) -> np.ndarray | None:
        """Mean and covariance of every domain, ``(domains, 1 + n_mels, n_mels)``."""
        return None if self.network.bands is None else ops.convert_to_numpy(self.network.bands)

    def _voice_of(self, domain: str) -> Voice | None:
        """Pitch and bands of a domain, so far as they are to be matched."""
        method, bands = self.config.method, self._bands()
        index, known = method.domains.index(domain), None
        if bands is not None:
            mean, *covariance = bands[index].astype(np.float64)
            known = Bands(mean, np.stack(covariance))
        if known is None and not method.pitches:
            return None
        return Voice(method.pitches[index] if method.pitches else None, known)

    def _as_far_as_matched(self, voice: Voice) -> Voice | None:
        """Of a reference's voice, what inputs are brought to."""
        method = self.config.method
        pitch = voice.pitch if method.pitches else None
        bands = None if method.match_bands == "never" else voice.bands
        return None if pitch is None and bands is None else Voice(pitch, bands)
