"""Runs to export, as training leaves them, and a folder of models made from one."""

import json
import shutil

import keras
import numpy as np
import pytest

from melgan_vc.corpus.prepare import Domain
from melgan_vc.corpus.report import FolderReport
from melgan_vc.methods import METHODS
from melgan_vc.presets import preset
from melgan_vc.pretrained.export import export
from melgan_vc.training.model_card import model_card
from melgan_vc.training.progress import Progress
from melgan_vc.training.run_folder import RunFolder


def save_run(path, settings, method="travelgan"):
    """A run folder with random weights."""
    keras.utils.set_random_seed(0)  # whatever other tests have drawn before
    config, folder = preset("debug", method).with_overrides(settings), RunFolder(path)
    translator, draw = METHODS[method].build_translator(config), np.random.default_rng(1)
    for variable in translator.trainable_variables:
        variable.assign(variable + 0.1 * draw.standard_normal(variable.shape))
    folder.save_config(config)
    translator.save_weights(folder.weights_file)
    domains = [
        Domain(name, f"/audio/{name}", None, (), FolderReport(f"/audio/{name}", 8000, 4000.0, ()))
        for name in (("rock", "jazz", "old folk") if method == "stargan" else ("rock", "jazz"))
    ]
    progress = Progress(step=20, batches=20, steps=20)
    folder.card.write_text(model_card(config, domains, progress, folder.path), encoding="utf-8")
    folder.corpus_report.write_text(json.dumps([domain.report.to_json() for domain in domains]))
    folder.metrics_file.write_text("step\n20\n")
    folder.checkpoints.mkdir()
    return folder.path


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """A run folder: look, but do not touch."""
    return save_run(tmp_path_factory.mktemp("runs") / "my run", [])


@pytest.fixture(scope="session")
def paper_run(tmp_path_factory):
    """A run folder of the other architecture."""
    settings = ["method.generator.architecture=paper", "method.generator.channels=32"]
    return save_run(tmp_path_factory.mktemp("runs") / "paper", settings)


@pytest.fixture(scope="session")
def cyclegan_run(tmp_path_factory):
    """A run folder of the other method."""
    return save_run(tmp_path_factory.mktemp("runs") / "cyclegan", [], "cyclegan")


@pytest.fixture(scope="session")
def stargan_run(tmp_path_factory):
    """A run folder of many styles."""
    settings = ['method.domains=["rock","jazz","old folk"]']
    return save_run(tmp_path_factory.mktemp("runs") / "stargan", settings, "stargan")


@pytest.fixture(scope="session")
def exported_models(run, tmp_path_factory):
    root = tmp_path_factory.mktemp("exported")
    export(run, root / "rock2jazz", task="Rock to jazz")
    export(run, root / "voice_a2b", task="Voice A to voice B")
    return root


@pytest.fixture
def models(exported_models, tmp_path):
    """A folder with the models ``rock2jazz`` and ``voice_a2b``, and things that are no models."""
    root = shutil.copytree(exported_models, tmp_path / "models")
    (root / "__pycache__").mkdir()
    (root / ".partial-1-x").mkdir()
    (root / ".partial-1-x" / "config.json").write_text("{}")
    (root / "__init__.py").write_text("")
    return root
