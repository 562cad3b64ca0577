"""A trained run as a function from log-mel to log-mel."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import keras
import numpy as np

from melgan_vc.config import RunConfig
from melgan_vc.methods.architectures import STRIDES
from melgan_vc.nets.receptive_field import receptive_field
from melgan_vc.training.run_folder import RunFolder


class ConversionModel:
    """A run's translator, loaded once.

    Parameters
    ----------
    run : Path
        A run folder.

    Attributes
    ----------
    config : RunConfig
        Of the run.
    stride, context : int
        Total stride and receptive field of the translator in frames.

    Raises
    ------
    MelganVcError
        If the folder is no run folder, or its config and weights do not fit each other.
    """

    def __init__(self, run: Path):
        folder = RunFolder(run)
        config = folder.load_config()
        self._take(config, folder.load_translator(config))

    @classmethod
    def from_translator(cls, config: RunConfig, translator: keras.Model) -> Self:
        """A model of a translator in memory; its weights can be changed with `set_weights`."""
        model = cls.__new__(cls)
        model._take(config, translator)
        return model

    def _take(self, config: RunConfig, translator: keras.Model) -> None:
        self.config = config
        self.translator = translator
        self.stride = STRIDES[self.config.method.generator.architecture]
        self.context = receptive_field(self.translator, n_mels=self.config.mel.n_mels, stride=self.stride)
        self._forward = _compiled(self.translator)

    def set_weights(self, weights: Sequence[np.ndarray]) -> None:
        """Give the translator other weights, in its own order."""
        self.translator.set_weights(weights)
        self._forward = _compiled(self.translator)

    def __call__(self, mels: np.ndarray) -> np.ndarray:
        """Translate log-mels ``(B, T, n_mels)`` in [-1, 1], same shape; ``T`` is a multiple of ``stride``."""
        return keras.ops.convert_to_numpy(self._forward(mels))


def _compiled(translator: keras.Model):
    """The forward pass: compiled where that is how anything runs, plain where it starts sooner."""
    if keras.backend.backend() != "jax":
        return lambda mels: translator(mels, training=False)
    import jax

    trainable = [v.value for v in translator.trainable_variables]
    other = [v.value for v in translator.non_trainable_variables]
    forward = jax.jit(lambda t, o, mels: translator.stateless_call(t, o, mels, training=False)[0])
    return lambda mels: forward(trainable, other, mels)
