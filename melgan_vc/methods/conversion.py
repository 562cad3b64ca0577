"""A trained run as it is used: frames of a file in, log-mels of the conversion out."""

import hashlib
import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np

from melgan_vc.audio.chunks import CHUNK_FRAMES, ChunkedPass
from melgan_vc.config.method import method_part
from melgan_vc.config.run import RunConfig
from melgan_vc.config.upgrade import as_format_1
from melgan_vc.engine.forward import compiled, compiles_each_length
from melgan_vc.errors import MelganVcError
from melgan_vc.features.registry import features_of
from melgan_vc.features.table import silence_of
from melgan_vc.methods.directions import require_direction, require_one_of_to_and_like
from melgan_vc.nets.reach import measure_reach

BATCH = 4
"""Chunks that are converted together."""


class Heard(NamedTuple):
    """The beginning of an input as the first pass over it hears it, levelled as the model was trained.

    Attributes
    ----------
    wave : np.ndarray
        Shape ``(samples,)`` at the model's rate.
    log_mel : np.ndarray
        Shape ``(T, n_mels)``.
    """

    wave: np.ndarray
    log_mel: np.ndarray


class Conversion:
    """A run's network, loaded once, in one of its directions. A method with more to do than that has a subclass.

    Parameters
    ----------
    config : RunConfig
        Of the run.
    network : keras.Model
        What `Method.build_network` gives, trained; its weights can be changed with `set_weights`.
    to : str, optional
        The domain to convert to: the target, unless told otherwise; see `require_direction`.
    like : Path, optional
        An audio file whose style to give, instead of a domain's.

    Attributes
    ----------
    to : str or None
        The domain that it converts to; None for the style of a reference.
    reach : Reach
        Frames before and after a frame that its conversion depends on.
    features : tuple of Feature
        What is heard of an input beside its log-mel.
    prepares : bool
        Whether it wants to hear the beginning of an input first, see `prepare`.

    Raises
    ------
    MelganVcError
        If it cannot convert to that domain or like a reference.
    """

    prepares = False

    def __init__(self, config: RunConfig, network: keras.Model, *, to: str | None = None, like: Path | None = None):
        require_one_of_to_and_like(to, like)
        self.config = config
        self.network = network
        self.features = features_of(config.method.needs, config.mel)
        self.to = require_direction(config, to) if like is None else None
        self.generator = self._generator_to(self.to) if like is None else self._generator_like(like)
        self._forward = compiled(self.generator)
        self._silence = silence_of(config.mel, self.features)
        self.reach = measure_reach(self._run, columns=len(self._silence), name=self.generator.name)

    @property
    def columns(self) -> int:
        """Numbers in a frame that it is given."""
        return len(self._silence)

    def _generator_to(self, domain: str) -> keras.Model:
        """The part of the network that converts to a domain: a model ``(B, T, C)`` to ``(B, T, n_mels)``."""
        return self.network

    def _generator_like(self, reference: Path) -> keras.Model:
        """The part of the network that gives the style of an audio file."""
        raise MelganVcError(
            "Expected --to with a domain, received: --like, a reference. A run of this method knows no styles but "
            "those of its domains; train one with: train_cli.py stargan"
        )

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits of config, weights and direction: what another model made has others."""
        config = json.dumps(as_format_1(self.config.model_dump()), indent=2)
        found = hashlib.blake2b(f"{config}\n {self.to}".encode(), digest_size=8)
        for weight in self.network.get_weights():
            found.update(np.ascontiguousarray(weight))
        return found.hexdigest()

    def set_weights(self, weights: Sequence[np.ndarray]) -> None:
        """Give the network other weights, in its own order."""
        self.network.set_weights(weights)

    def set_melody(self, *, semitones: float = 0.0, pitch_range: float = 1.0, sung: bool = False) -> None:
        """Have what comes out higher, by so many semitones, and its melody so many times as wide.

        Of what is sung the intervals stay, and it is moved by whole octaves, and so many semitones beside.

        Raises
        ------
        MelganVcError
            If that is asked of a run that leaves the melody to its network.
        """
        if (semitones, pitch_range, sung) != (0.0, 1.0, False):
            raise MelganVcError(
                "Expected --semitones and --pitch-range with a run of a method that is told the pitch, received: "
                f"{self.config.method.name}, which is not; autoencoder is"
            )

    def set_retrieval(self, share: float) -> None:
        """Have some of what is heard, 0 to 1, replaced by the nearest that the wanted voice itself was heard to say.

        Raises
        ------
        MelganVcError
            If that is asked of a run that keeps nothing of its voices.
        """
        if share:
            raise MelganVcError(
                "Expected --retrieval with a run that keeps frames of its voices, an autoencoder with "
                f"method.retrieval, received: one of {self.config.method.name}"
            )

    def prepare(self, heard: Heard) -> Any:
        """What one input needs beside its frames, for `__call__`; asked only where ``prepares``."""
        return None

    def doubt(self, prepared: Any) -> str:
        """What makes it doubtful that an input is of use, by what `prepare` gave for it: a sentence, or nothing."""
        return ""

    def prepare_domain(self, domain: str) -> Any:
        """The same for an input that is known to be of a domain, without hearing it."""
        return None

    def identity_input(self, mel: np.ndarray) -> np.ndarray:
        """What to convert so that a log-mel ``(T, n_mels)`` of the domain comes back, but for faults."""
        return mel

    def __call__(self, frames: np.ndarray, prepared: Any = None) -> np.ndarray:
        """Convert frames ``(B, T, C)``, log-mels in [-1, 1] and the features, to log-mels ``(B, T, n_mels)``.

        ``T`` is a multiple of the stride of `reach`. ``prepared`` is what `prepare` gave for the input.
        """
        return self._run(frames)

    def _run(self, frames: np.ndarray) -> np.ndarray:
        return keras.ops.convert_to_numpy(self._forward(frames))

    def in_chunks(self, prepared: Any = None, *, chunk: int = CHUNK_FRAMES) -> ChunkedPass:
        """The conversion of one input as a stream: `ChunkedPass.stream` takes its frames ``(T, C)`` in pieces."""
        return ChunkedPass(
            lambda frames: self(frames, prepared),
            reach=self.reach,
            silence=self._silence,
            chunk=chunk,
            batch=BATCH,
            any_batch=not compiles_each_length(),
        )

    def whole(self, frames: np.ndarray, prepared: Any = None) -> np.ndarray:
        """The conversion ``(T, n_mels)`` of all frames ``(T, C)`` of an input."""
        return np.concatenate([*self.in_chunks(prepared).stream([frames])])


def conversion_of(
    config: RunConfig, network: keras.Model, *, to: str | None = None, like: Path | None = None
) -> Conversion:
    """A network as its method converts with it: by the ``conversion.py`` of its folder, where it has one."""
    name = config.method.name
    has_its_own = importlib.util.find_spec(f"melgan_vc.methods.{name}.conversion") is not None
    kind = method_part(name, "conversion", Conversion) if has_its_own else Conversion
    return kind(config, network, to=to, like=like)
