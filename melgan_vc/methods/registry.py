"""From a config to its method: players to train, or the network alone. Methods are found by name."""

import random

import keras

from melgan_vc.config.method import method_part
from melgan_vc.config.run import RunConfig
from melgan_vc.methods.base import Method


def method_class(config: RunConfig) -> type[Method]:
    """The class of the method that ``config.method.name`` names."""
    return method_part(config.method.name, "method", Method)


def build_method(config: RunConfig) -> Method:
    """The method of a config, with networks whose initial weights its seed decides."""
    random.seed(config.training.seed)  # Keras draws the seed of each initial weight from here
    return method_class(config)(config)


def build_network(config: RunConfig) -> keras.Model:
    """The network that a run folder of this config holds, untrained."""
    return method_class(config).build_network(config)
