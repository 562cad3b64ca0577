"""What a feature is: a table of numbers on the log-mel's frames, made of sound as it comes."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from melgan_vc.config.mel import MelConfig


class Feature(ABC):
    """One thing that is heard of a file: ``columns`` numbers for each frame of its log-mel.

    A feature is a file in ``features/`` with one subclass, and is called like the file; a method names those that it
    needs. Corpus, sampler, cache and conversion treat them all alike, and keep them in half precision.

    Parameters
    ----------
    mel : MelConfig
        Whose frames it is on: one is centred on every multiple of ``hop_length``, at ``rate``.

    Attributes
    ----------
    version : int
        Raise it when the same sound comes out differently: what is in caches is made again.
    columns : int
        Numbers in a frame.
    recognizer : str
        The network that hears it, as `Column.judge` calls it in evaluation: that one does not judge a method which
        needs this. Empty for what is measured of the signal.
    """

    version: ClassVar[int] = 1
    recognizer: ClassVar[str] = ""
    columns: int

    def __init__(self, mel: MelConfig):
        self.mel = mel

    @property
    def name(self) -> str:
        """That of the file."""
        return type(self).__module__.rpartition(".")[2]

    @property
    def silence(self) -> np.ndarray:
        """Shape ``(columns,)``: a frame of nothing, which is also what lies beyond the ends of a file."""
        return np.zeros(self.columns, np.float32)

    @property
    @abstractmethod
    def reach(self) -> tuple[int, int]:
        """Frames before and after a frame whose sound it depends on, at most."""

    @property
    def settings(self) -> dict[str, Any]:
        """What decides the numbers beside the sound, as JSON: all of the log-mel's settings unless told otherwise."""
        return self.mel.model_dump()

    @cached_property
    def digest(self) -> str:
        """Of name, version and settings; a feature with weights adds theirs to its settings."""
        text = json.dumps([self.name, self.version, self.settings], sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    @property
    def cache_key(self) -> dict[str, Any]:
        """What tells it from other features of the same sound in a cache."""
        return {"feature": self.digest}

    def require(self) -> None:  # noqa: B027 - most need nothing but the sound
        """Raise a `MelganVcError` that says what to do unless this machine can compute it; may load what it needs."""

    @abstractmethod
    def stream(self, blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """Sound as it comes to frames as they are known, in constant memory.

        Parameters
        ----------
        blocks : iterable of np.ndarray
            Consecutive pieces ``(samples,)`` of a waveform at ``mel.rate``, float32, of any lengths.

        Yields
        ------
        np.ndarray
            Consecutive pieces ``(frames, columns)``, float32; ``mel.frames(samples)`` frames in all, and the same
            wherever the pieces of the waveform were cut.
        """

    def of(self, wave: np.ndarray) -> np.ndarray:
        """The frames ``(mel.frames(samples), columns)`` of a whole waveform ``(samples,)``."""
        return np.concatenate([*self.stream([np.asarray(wave, np.float32)])])
