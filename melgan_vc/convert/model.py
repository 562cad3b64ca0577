"""A trained run as a function from log-mel to log-mel."""

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import keras
import numpy as np

from melgan_vc.audio.bands import Bands, bring
from melgan_vc.audio.chunks import translate_in_chunks
from melgan_vc.audio.voice import Voice, moved
from melgan_vc.config import RunConfig
from melgan_vc.convert.reference import analyse_reference
from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.methods import METHODS
from melgan_vc.methods.architectures import STRIDES
from melgan_vc.nets.forward import compiled
from melgan_vc.nets.receptive_field import receptive_field
from melgan_vc.training.run_folder import RunFolder


@dataclass(frozen=True)
class Adaptation:
    """What is done to the log-mels of one input beside translating them.

    Attributes
    ----------
    before : tuple of np.ndarray
        For `melgan_vc.audio.voice.moved`: from its voice to the one that is wanted.
    after : tuple of np.ndarray or None
        For `melgan_vc.audio.bands.bring`: from the bands of what was translated to those that are wanted.
    """

    before: tuple[np.ndarray, np.ndarray, np.ndarray]
    after: tuple[np.ndarray, np.ndarray] | None = None


class ConversionModel:
    """A run's translator, loaded once, in one of its directions.

    Parameters
    ----------
    run : Path
        A run folder.
    to : str, optional
        The domain to translate to: the target, unless told otherwise; see `require_direction`.
    like : Path, optional
        An audio file whose style to give, instead of a domain's.

    Attributes
    ----------
    config : RunConfig
        Of the run.
    voice : Voice or None
        What an input's voice is brought to before it is translated; None for methods that shift it by a constant or
        not at all.
    to : str or None
        The domain that it translates to; None for the style of a reference.
    digest : str
        Of config and weights: what was made with another model has another one.
    stride, context : int
        Total stride and receptive field of the translator in frames.

    Raises
    ------
    MelganVcError
        If the folder is no run folder, its config and weights do not fit each other, or it cannot translate to that
        domain or like a reference.
    """

    def __init__(self, run: Path, *, to: str | None = None, like: Path | None = None):
        folder = RunFolder(run)
        config = folder.load_config()
        require_converting(config, run)
        direction = None if like else require_direction(config, to)
        self._take(config, folder.load_translator(config), direction, like)

    @classmethod
    def from_translator(
        cls,
        config: RunConfig,
        translator: keras.Model,
        *,
        to: str | None = None,
        like: Path | None = None,
    ) -> Self:
        """A model of a translator in memory; its weights can be changed with `set_weights`."""
        model = cls.__new__(cls)
        model._take(config, translator, None if like else require_direction(config, to), like)
        return model

    def _take(self, config: RunConfig, translator: keras.Model, to: str | None, like: Path | None) -> None:
        method = METHODS[config.method.name]
        self.config = config
        self.translator = translator
        self.to = to
        if like is None:
            self._generator, self.voice = method.generator_to(translator, to), method.voice_of(config, translator, to)
        else:
            mel, found = analyse_reference(like, config)
            self._generator = method.generator_like(translator, mel)
            self.voice = _as_far_as_matched(found, config)
        self._voices = method.voices_of(config, translator)
        self.stride = STRIDES[self.config.method.generator.architecture]
        self.context = receptive_field(self._generator, n_mels=self.config.mel.n_mels, stride=self.stride)
        self._forward = compiled(self._generator)

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits of config, weights and direction."""
        found = hashlib.blake2b(f"{self.config.to_json()} {self.to}".encode(), digest_size=8)
        for weight in self.translator.get_weights():
            found.update(np.ascontiguousarray(weight))
        return found.hexdigest()

    def set_weights(self, weights: Sequence[np.ndarray]) -> None:
        """Give the translator other weights, in its own order."""
        self.translator.set_weights(weights)
        method = METHODS[self.config.method.name]
        self._voices = method.voices_of(self.config, self.translator)
        if self.to is not None:
            self.voice = method.voice_of(self.config, self.translator, self.to)

    def adapt(self, voice: Voice, mel: np.ndarray) -> Adaptation | None:
        """What brings an input to the model's voice; None where no voice is to be brought to another.

        Parameters
        ----------
        voice : Voice
            The input's.
        mel : np.ndarray
            Shape ``(T, n_mels)``: its beginning, which is translated to see how far from the wanted bands it is then.
        """
        if self.voice is None:
            return None
        before = Adaptation(self._voices.moves(voice, self.voice))
        if self.voice.bands is None or voice.bands is None:
            return before
        translate = functools.partial(self, adaptation=before)
        translated = [*translate_in_chunks([mel], translate, context=self.context, stride=self.stride)]
        bands = Bands.of(np.concatenate(translated))
        if bands is None:
            return before
        return replace(before, after=bands.towards(self.voice.bands, self._voices.typical))

    def __call__(self, mels: np.ndarray, adaptation: Adaptation | None = None) -> np.ndarray:
        """Translate log-mels ``(B, T, n_mels)`` in [-1, 1], same shape; ``T`` is a multiple of ``stride``."""
        if adaptation is None:
            return keras.ops.convert_to_numpy(self._forward(mels))
        translated = self(moved(mels, *adaptation.before).astype(np.float32))
        return translated if adaptation.after is None else bring(translated, *adaptation.after).astype(np.float32)


def require_converting(config: RunConfig, run: Path) -> None:
    """Raise if a run is of a vocoder."""
    if METHODS[config.method.name].waveforms:
        raise MelganVcError(
            f"Expected a run that converts, received: {run}, a vocoder, which only makes sound of log-mels. It goes "
            "to --vocoder."
        )


def require_direction(config: RunConfig, to: str | None) -> str:
    """The domain that ``to`` asks a run of this config to translate to.

    None asks for the target. A run of more than two domains has no such thing: there it has to be named.

    Raises
    ------
    MelganVcError
        If there is no such domain, or it has to be named.
    """
    method = METHODS[config.method.name]
    directions = method.directions_of(config)
    known = ", ".join(directions)
    if to is None and len(directions) > 2:
        raise MelganVcError(f"Expected --to NAME or --like FILE, received: neither. The model's domains: {known}")
    if to is None:
        return directions[0]
    if to in directions:
        return to
    if to in method.domains_of(config):
        both = ", ".join(name for name, other in METHODS.items() if other.mixed_batches or to in other.directions)
        raise MelganVcError(
            f"Expected --to {known}, received: {to}. A run of {config.method.name} converts one way only; train a "
            f"method that learns both ({both}), or a run with the folders exchanged."
        )
    raise MelganVcError(f"Expected --to among {known}, received: {to!r}{did_you_mean(to, directions)}")


def _as_far_as_matched(voice: Voice, config: RunConfig) -> Voice | None:
    """Of a reference's voice, what the inputs of a model are brought to."""
    method = config.method
    pitch = voice.pitch if method.pitches else None
    bands = None if method.match_bands == "never" else voice.bands
    return None if pitch is None and bands is None else Voice(pitch, bands)
