"""What a method is while it is trained: players, losses, batches, and what of it is heard meanwhile."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import keras
import numpy as np
from rich.console import Console

from melgan_vc.config.run import RunConfig
from melgan_vc.corpus.augment import SpecAugment
from melgan_vc.corpus.sampler import CropSampler
from melgan_vc.corpus.store import FrameStore
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.conversion import conversion_of
from melgan_vc.methods.samples import ConversionSamples, SampleMaker
from melgan_vc.methods.starting_weights import begin_with_weights
from melgan_vc.methods.transpose import Transpose
from melgan_vc.runs.origin import Origin

TRIED_FRAMES = 128

Batch = tuple[np.ndarray, ...]
Augment = Callable[[Batch, int], Batch]


class Batches(Protocol):
    """What a training draws from."""

    def batch(self, step: int) -> Batch:
        """The batch of a step, a pure function of it, so that a run that resumes goes on exactly."""
        ...


_AUGMENTATIONS = ("frequency_mask", "time_mask", "transposition")


class Method(ABC):
    """A set of players and the loss that each of them minimises.

    A new method is a folder: a subclass that fills ``players`` and computes `losses`, beside a `MethodConfig`. The
    training step, checkpoints and conversion are the same for all. Its constructor gets the run's config alone.

    Attributes
    ----------
    config : RunConfig
        Of the run.
    players : dict of str to tuple of keras.Model
        The networks of each player, which are among ``player_names`` of its config. Each has its own optimizer.
    siamese : keras.Model or None
        What embeds chunks ``(B, frames, n_mels)`` as vectors, of a method that has such a network.
    augments : bool
        Whether its crops can be masked and transposed; its own batches are as they are.
    network_settings : tuple of str
        Settings that decide what its `network` is: those of a run that it begins with have to be the same.

    Raises
    ------
    MelganVcError
        If they are to be, and cannot be.
    """

    players: dict[str, tuple[keras.Model, ...]]
    siamese: keras.Model | None = None
    augments: bool = True
    network_settings: tuple[str, ...] = ("generator", "masked_frames")

    def __init__(self, config: RunConfig):
        self.config = config
        asked = {f"training.{name}": getattr(config.training, name) for name in _AUGMENTATIONS}
        asked = {name: value for name, value in asked.items() if value}
        if asked and not self.augments:
            raise MelganVcError(
                f"Expected {', '.join(asked)} to be 0 with {config.method.name}, which makes its batches in its own "
                f"way, received: {', '.join(map(str, asked.values()))}"
            )

    @abstractmethod
    def losses(self, batch: Sequence, players: Sequence[str], step=0) -> tuple[dict, dict]:
        """Losses of the players that move on this batch.

        Parameters
        ----------
        batch : sequence of tensors
            What `batches` gives: by default one ``(B, L, C)`` array of frames for each domain, whose columns are the
            log-mel and then the features that the method needs, and whatever `augmentation` adds.
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
    def network(self) -> keras.Model:
        """What is left when training is over: a run folder holds its (averaged) weights."""

    @classmethod
    @abstractmethod
    def build_network(cls, config: RunConfig) -> keras.Model:
        """`network` alone, without the players that only training knows."""

    def begin_with(self, origin: Origin, *, resumed: bool) -> None:
        """Take what a training begins with beside audio; its weights only where it is not resumed.

        Raises
        ------
        MelganVcError
            If that does not fit.
        """
        if origin.start_from and not resumed:
            shared, build = self.network_settings, type(self).build_network
            begin_with_weights(Path(origin.start_from), self.config, self.network, build=build, shared=shared)

    def learn_domains(self, stores: Sequence[FrameStore]) -> None:  # noqa: B027 - most have nothing to measure
        """Measure what the method wants to know of its domains before a training begins; a store for each."""

    def batches(self, stores: Sequence[FrameStore], *, console: Console) -> Batches:
        """What the training draws from: random crops of each domain, augmented.

        Parameters
        ----------
        stores : sequence of FrameStore
            Frames of each domain.
        console : Console
            For the progress of whatever has to be made first.
        """
        return AugmentedBatches(self._sampler(stores), [*_changes(self.config), *self.augmentation(stores)])

    def _sampler(self, stores: Sequence[FrameStore]) -> Batches:
        training = self.config.training
        return CropSampler(
            stores, length=self.config.method.width, batch_size=training.batch_size, seed=training.seed
        )

    def augmentation(self, stores: Sequence[FrameStore]) -> list[Augment]:
        """What is done to each batch, in the background, before `losses` gets it.

        Each ``augment(batch, step)`` takes and returns a tuple of arrays. It is a pure function of its arguments, so
        that a run that resumes goes on exactly, on any backend.
        """
        return []

    @classmethod
    def try_out(cls, config: RunConfig, network: keras.Model) -> list[np.ndarray]:
        """What a trained network makes of random frames, always the same, in each of its directions."""
        draw = np.random.default_rng(0)
        directions = [conversion_of(config, network, to=to) for to in config.method.directions]
        frames = draw.uniform(-1.0, 1.0, (TRIED_FRAMES, directions[0].columns)).astype(np.float32)
        return [conversion.whole(frames) for conversion in directions]

    def samples(self, store: FrameStore) -> SampleMaker:
        """What is made again and again while training, so that it can be heard; of the first domain's files."""
        return ConversionSamples.of_store(store, self.config, self.build_network(self.config))


class AugmentedBatches:
    """The batches of a sampler after some changes, in order."""

    def __init__(self, sampler: Batches, stages: Sequence[Augment]):
        self.sampler = sampler
        self.stages = tuple(stages)

    def batch(self, step: int) -> Batch:
        """The batch of a step."""
        batch = self.sampler.batch(step)
        for change in self.stages:
            batch = change(batch, step)
        return batch


def _changes(config: RunConfig) -> list[Augment]:
    """What is done to crops of any domain, if anything is; only for SpecAugment's masks tensorflow-io is needed."""
    training, changes = config.training, []
    if training.transposition:
        changes.append(Transpose(config.mel, training.transposition, seed=training.seed))
    if training.frequency_mask or training.time_mask:
        masks = training.frequency_mask, training.time_mask
        changes.append(SpecAugment(*masks, seed=training.seed, n_mels=config.mel.n_mels))
    return changes
