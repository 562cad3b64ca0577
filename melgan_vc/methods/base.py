"""What a method is: players, losses, a translation."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar

import keras
import numpy as np

from melgan_vc.audio.voice import Voice, Voices
from melgan_vc.config import RunConfig
from melgan_vc.errors import MelganVcError


class Method(ABC):
    """A set of players and the loss that each of them minimises.

    A new method is one file: a subclass that fills ``players``, computes `losses` and says how conversion
    translates. The training step, checkpoints and conversion are the same for all.

    Attributes
    ----------
    players : dict of str to tuple of keras.Model
        The networks of each player. Each player has its own optimizer.
    domains : tuple of str
        What the arrays of a batch are, in order.
    directions : tuple of str
        Domains that conversion can translate to; the first is what it does unless told otherwise. A method whose
        domains are chosen in its config overrides `domains_of` and `directions_of` instead.
    mixed_batches : bool
        Whether the windows of a batch are of all domains, see `BalancedSampler`, or one batch of each.
    waveforms : bool
        Whether batches hold waveforms beside log-mels, see `WaveSampler`.
    stride : int
        Chunks given to `translate` must start at multiples of this many frames.
    """

    domains: ClassVar[tuple[str, ...]] = ("source", "target")
    directions: ClassVar[tuple[str, ...]] = ("target",)
    stride: ClassVar[int] = 1
    mixed_batches: ClassVar[bool] = False
    waveforms: ClassVar[bool] = False
    players: dict[str, tuple[keras.Model, ...]]

    def __init__(self, config: RunConfig):
        self.config = config

    @abstractmethod
    def losses(self, batch: Sequence, players: Sequence[str], step=0) -> tuple[dict, dict]:
        """Losses of the players that move on this batch.

        Parameters
        ----------
        batch : sequence of tensors
            One ``(B, L, n_mels)`` log-mel for each domain or, with ``mixed_batches``, what `BalancedSampler` gives;
            and whatever `augmentation` adds.
        players : sequence of str
            Who moves. What only the others need is not computed.
        step : scalar integer tensor
            Batches trained on so far, for what changes as training goes on.

        Returns
        -------
        losses : dict of str to scalar tensor
            One for each of ``players``.
        terms : dict of str to scalar tensor
            Named figures for the log, from `terms`.
        """

    @property
    @abstractmethod
    def terms(self) -> dict[str, tuple[str, ...]]:
        """For each player, the names of the figures that `losses` returns when it moves."""

    @property
    @abstractmethod
    def translator(self) -> keras.Model:
        """The network that `translate` uses, whose (averaged) weights a run folder holds."""

    def translate(self, mel, domain: str | None = None):
        """Translate log-mels ``(B, T, n_mels)`` in [-1, 1] into a domain, the first of `directions`; same shape."""
        to = domain or self.directions_of(self.config)[0]
        return self.generator_to(self.translator, to)(mel, training=False)

    @classmethod
    def domains_of(cls, config: RunConfig) -> tuple[str, ...]:
        """Names of the domains that a run learns from, in the order of its folders."""
        return cls.domains

    @classmethod
    def directions_of(cls, config: RunConfig) -> tuple[str, ...]:
        """Names of the domains that a run can translate to, the one first that it does unless told otherwise."""
        return cls.directions

    @classmethod
    def voice_of(cls, config: RunConfig, translator: keras.Model, domain: str) -> Voice | None:
        """The voice that an input is brought to before it is translated to a domain; None leaves it as it is."""
        return None

    @classmethod
    def voices_of(cls, config: RunConfig, translator: keras.Model) -> Voices:
        """What brings inputs to that voice."""
        return Voices(config.mel)

    @classmethod
    def given_back(cls, config: RunConfig, mel: np.ndarray, domain: str) -> np.ndarray:
        """What to translate to a domain so that a log-mel ``(T, n_mels)`` of it comes back, but for faults."""
        return mel

    def learn_domains(self, stores: Sequence[Sequence]) -> None:  # noqa: B027 - most have nothing to measure
        """Measure what the method wants to know of its domains before a training begins.

        ``stores`` has a sequence of log-mels ``(T, n_mels)`` for each domain.
        """

    @classmethod
    def generator_to(cls, translator: keras.Model, domain: str) -> keras.Model:
        """The part of a translator that translates to a domain: a model ``(B, T, n_mels)`` to the same shape."""
        return translator

    @classmethod
    def generator_like(cls, translator: keras.Model, reference) -> keras.Model:
        """The part of a translator that gives the style of a reference, a log-mel ``(T, n_mels)``.

        Raises
        ------
        MelganVcError
            If the method knows no styles but those of its domains.
        """
        raise MelganVcError(
            "Expected --to with a domain, received: --like, a reference. A run of this method knows no styles but "
            "those of its domains; train one with: train_cli.py stargan"
        )

    @classmethod
    def augmentation(cls, config: RunConfig, stores: Sequence[Sequence] = ()) -> Callable[[tuple, int], tuple] | None:
        """What is done to each batch, in the background, before `losses` gets it; None for nothing.

        ``augment(batch, step)`` takes and returns a tuple of arrays. It is a pure function of its arguments, of
        ``config`` and of ``stores``, as for `learn_domains`, so that a run that resumes goes on exactly, on any
        backend.
        """
        return None

    @classmethod
    @abstractmethod
    def build_translator(cls, config: RunConfig) -> keras.Model:
        """Only the network that conversion needs."""

    @property
    def width(self) -> int:
        """Frames in a training window."""
        return self.config.method.width
