"""Runs to convert with: an untrained generator, which is the identity, and ones with random weights."""

import numpy as np
import pytest
import soundfile

from melgan_vc.convert.model import ConversionModel
from melgan_vc.methods import METHODS
from melgan_vc.presets import preset
from melgan_vc.training.run_folder import RunFolder
from melgan_vc.vocoders.griffin_lim import GriffinLim


def save_run(path, *settings, random: bool, method="travelgan"):
    """A run folder as training leaves it, as far as conversion is concerned."""
    config, folder = preset("debug", method).with_overrides(list(settings)), RunFolder(path)
    translator, draw = METHODS[method].build_translator(config), np.random.default_rng(1)
    if random:
        for variable in translator.trainable_variables:
            variable.assign(variable + 0.1 * draw.standard_normal(variable.shape))
    folder.save_config(config)
    translator.save_weights(folder.weights_file)
    return path


@pytest.fixture(scope="session")
def identity_run(tmp_path_factory):
    return save_run(tmp_path_factory.mktemp("runs") / "identity", random=False)


@pytest.fixture(scope="session")
def identity_model(identity_run):
    """Its conversion is copy synthesis: what comes out is the input as far as the vocoder can tell."""
    return ConversionModel(identity_run)


@pytest.fixture(scope="session")
def residual_run(tmp_path_factory):
    return save_run(tmp_path_factory.mktemp("runs") / "residual", random=True)


@pytest.fixture(scope="session")
def paper_run(tmp_path_factory):
    settings = ("method.generator.architecture=paper", "method.generator.channels=32")
    return save_run(tmp_path_factory.mktemp("runs") / "paper", *settings, random=True)


@pytest.fixture(scope="session")
def cyclegan_run(tmp_path_factory):
    settings = ("method.generator.architecture=two_one_two", "method.generator.channels=8")
    return save_run(tmp_path_factory.mktemp("runs") / "cyclegan", *settings, random=True, method="cyclegan")


@pytest.fixture(scope="session")
def stargan_run(tmp_path_factory):
    return save_run(tmp_path_factory.mktemp("runs") / "stargan", random=True, method="stargan")


@pytest.fixture(scope="session")
def vocoder(identity_model):
    return GriffinLim(identity_model.config.mel, iterations=8)


@pytest.fixture
def record(tmp_path):
    """``record(name, wave, rate=8000)`` writes a file under ``tmp_path`` and returns its path."""

    def write(name, wave, *, rate=8000, subtype=None):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, wave, rate, subtype=subtype)
        return path

    return write
