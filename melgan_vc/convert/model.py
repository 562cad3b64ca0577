"""A trained run as a function from log-mel to log-mel."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import keras
import numpy as np

from melgan_vc.config import RunConfig
from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.methods import METHODS
from melgan_vc.methods.architectures import STRIDES
from melgan_vc.nets.receptive_field import receptive_field
from melgan_vc.training.run_folder import RunFolder


class ConversionModel:
    """A run's translator, loaded once, in one of its directions.

    Parameters
    ----------
    run : Path
        A run folder.
    to : str
        The domain to translate to: ``"target"`` or, where the run's method learns both directions, ``"source"``.

    Attributes
    ----------
    config : RunConfig
        Of the run.
    stride, context : int
        Total stride and receptive field of the translator in frames.

    Raises
    ------
    MelganVcError
        If the folder is no run folder, its config and weights do not fit each other, or it cannot translate to that
        domain.
    """

    def __init__(self, run: Path, *, to: str = "target"):
        folder = RunFolder(run)
        config = folder.load_config()
        require_direction(config, to)
        self._take(config, folder.load_translator(config), to)

    @classmethod
    def from_translator(cls, config: RunConfig, translator: keras.Model, *, to: str = "target") -> Self:
        """A model of a translator in memory; its weights can be changed with `set_weights`."""
        require_direction(config, to)
        model = cls.__new__(cls)
        model._take(config, translator, to)
        return model

    def _take(self, config: RunConfig, translator: keras.Model, to: str) -> None:
        self.config = config
        self.translator = translator
        self._generator = METHODS[config.method.name].generator_to(translator, to)
        self.stride = STRIDES[self.config.method.generator.architecture]
        self.context = receptive_field(self._generator, n_mels=self.config.mel.n_mels, stride=self.stride)
        self._forward = _compiled(self._generator)

    def set_weights(self, weights: Sequence[np.ndarray]) -> None:
        """Give the translator other weights, in its own order."""
        self.translator.set_weights(weights)
        self._forward = _compiled(self._generator)

    def __call__(self, mels: np.ndarray) -> np.ndarray:
        """Translate log-mels ``(B, T, n_mels)`` in [-1, 1], same shape; ``T`` is a multiple of ``stride``."""
        return keras.ops.convert_to_numpy(self._forward(mels))


def require_direction(config: RunConfig, to: str) -> None:
    """Raise a `MelganVcError` unless a run of this config can translate to the domain ``to``."""
    method = METHODS[config.method.name]
    if to in method.directions:
        return
    known = ", ".join(method.directions)
    if to in method.domains:
        both = ", ".join(name for name, other in METHODS.items() if to in other.directions)
        raise MelganVcError(
            f"Expected --to {known}, received: {to}. A run of {config.method.name} converts one way only; train a "
            f"method that learns both ({both}), or a run with the folders exchanged."
        )
    raise MelganVcError(f"Expected --to among {known}, received: {to!r}{did_you_mean(to, method.directions)}")


def _compiled(translator: keras.Model):
    """The forward pass: compiled where that is how anything runs, plain where it starts sooner."""
    if keras.backend.backend() != "jax":
        return lambda mels: translator(mels, training=False)
    import jax

    trainable = [v.value for v in translator.trainable_variables]
    other = [v.value for v in translator.non_trainable_variables]
    forward = jax.jit(lambda t, o, mels: translator.stateless_call(t, o, mels, training=False)[0])
    return lambda mels: forward(trainable, other, mels)
