"""A few clips that are made again and again while training, so that a person can hear how it goes."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import keras
import numpy as np

from melgan_vc.config.run import RunConfig
from melgan_vc.corpus.store import FrameStore
from melgan_vc.methods.conversion import conversion_of
from melgan_vc.terminal.printable import printable
from melgan_vc.vocoders.griffin_lim import GriffinLim

SECONDS = 8.0
CLIPS = 3
_LONGEST_NAME = 150


class Sample(NamedTuple):
    """A log-mel ``(T, n_mels)``, and what gives its waveform ``(samples,)`` where that is wanted."""

    log_mel: np.ndarray
    wave: Callable[[], np.ndarray]


class SampleMaker(ABC):
    """Makes clips with the weights of the moment.

    Attributes
    ----------
    clips : dict of str to np.ndarray
        What is made again, by name.
    """

    clips: dict[str, np.ndarray]

    @abstractmethod
    def load(self, weights: Sequence[np.ndarray]) -> None:
        """Take the weights that the clips are to be made with."""

    @abstractmethod
    def make(self, clip: np.ndarray) -> dict[str, Sample]:
        """What a clip was and what was made of it, in this order, each by what it is called."""


class ConversionSamples(SampleMaker):
    """What a clip was and what it is converted to; clips are frames ``(T, C)`` of the first domain, C or more."""

    def __init__(self, clips: dict[str, np.ndarray], config: RunConfig, network: keras.Model):
        self._n_mels = config.mel.n_mels
        self._vocoder = GriffinLim(config.mel)
        self._domain = config.method.domain_names[0]
        self._conversion = conversion_of(config, network, to=config.method.directions[0])
        self.clips = {name: clip[:, : self._conversion.columns] for name, clip in clips.items()}

    @classmethod
    def of_store(cls, store: FrameStore, config: RunConfig, network: keras.Model) -> Self:
        """Of beginnings of the longest files of a store, by file name."""
        longest = int(SECONDS * config.mel.frames_per_second)
        clips = {}
        for index in longest_files(np.minimum(store.frame_counts, longest)):
            frames = min(int(store.frame_counts[index]), longest)
            clips[clip_name(store.paths[index])] = store.crop(int(index), 0, frames)
        return cls(clips, config, network)

    def load(self, weights):
        self._conversion.set_weights(weights)

    def make(self, clip):
        source = clip[:, : self._n_mels]
        converted = self._conversion.whole(clip, self._conversion.prepare_domain(self._domain))
        return {
            "source": Sample(source, lambda: self._vocoder.invert(source)),
            "converted": Sample(converted, lambda: self._vocoder.invert(converted)),
        }


def clip_name(path: Path) -> str:
    r"""What the files and the curves of a clip are called: the name of its recording, as text of bounded length.

    A name that is no UTF-8 could not be written into a log; one as long as a system allows leaves no room for what is
    added to it.

    >>> clip_name(Path("songs/caf\udce9.wav"))
    'caf\\udce9'
    """
    return printable(path.stem).encode()[:_LONGEST_NAME].decode(errors="ignore")


def longest_files(frames: Sequence[int]) -> list[Any]:
    """Indices of the three longest files, in order."""
    return sorted(np.argsort(-np.asarray(frames), kind="stable")[:CLIPS])
