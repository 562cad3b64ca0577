"""What a method does to learn one more voice of a model that there is: a part of it that few methods have."""

import importlib.util
from abc import ABC, abstractmethod
from pathlib import Path

import keras
import numpy as np

from melgan_vc.config.method import method_part
from melgan_vc.config.method_folders import METHODS
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError


class Adaptation(ABC):
    """From a model's config to that of one more voice of it, and from its networks to numbers and back.

    A method that can has a subclass in ``methods/<name>/adapted.py``.
    """

    @abstractmethod
    def config(self, model: RunConfig, *, voice: str, learns: str) -> RunConfig:
        """Settings with which one more voice is learned.

        Raises
        ------
        MelganVcError
            If no voice can be added to a model of such a config.
        """

    @abstractmethod
    def numbers(self, network: keras.Model) -> dict[str, np.ndarray]:
        """What a network of that config holds of the voice alone, by name."""

    @abstractmethod
    def load(self, folder: Path, config: RunConfig, network: keras.Model) -> None:
        """Give such a network the weights of the model, and the numbers of a folder.

        Raises
        ------
        MelganVcError
            If a file is missing or damaged, or the model is there no longer, is another, or does not fit.
        """


def adaptation_of(config: RunConfig, *, model: str) -> Adaptation:
    """That of a config's method; raises a `MelganVcError` that names the ``model`` if it has none."""
    name = config.method.name
    if importlib.util.find_spec(f"{METHODS}.{name}.adapted") is None:
        raise MelganVcError(
            "Expected a model that can be adapted, an autoencoder with content=recognizer such as voices or "
            f"any_to_ru_male, received: {model}, of {name}"
        )
    return method_part(name, "adapted", Adaptation)()
