"""A run to export, as training leaves it, and a folder of models made from it."""

import shutil

import pytest

from melgan_vc.export.strip import export


@pytest.fixture(scope="session")
def run(save_run_with_card, tmp_path_factory):
    """A run folder: look, but do not touch."""
    return save_run_with_card(tmp_path_factory.mktemp("runs") / "my run")


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
