"""What a method is: players, losses, a translation."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import keras

from melgan_vc.config import RunConfig


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
    stride : int
        Chunks given to `translate` must start at multiples of this many frames.
    """

    domains: ClassVar[tuple[str, ...]] = ("source", "target")
    stride: ClassVar[int] = 1
    players: dict[str, tuple[keras.Model, ...]]

    def __init__(self, config: RunConfig):
        self.config = config

    @abstractmethod
    def losses(self, batch: Sequence, players: Sequence[str]) -> tuple[dict, dict]:
        """Losses of the players that move on this batch.

        Parameters
        ----------
        batch : sequence of tensors
            One ``(B, L, n_mels)`` log-mel for each domain.
        players : sequence of str
            Who moves. What only the others need is not computed.

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
        """Translate log-mels ``(B, T, n_mels)`` in [-1, 1] into the target style, same shape."""
        return self.translator(mel, training=False)

    @classmethod
    @abstractmethod
    def build_translator(cls, config: RunConfig) -> keras.Model:
        """Only the network that conversion needs."""

    @property
    def width(self) -> int:
        """Frames in a training window."""
        return self.config.method.width
