"""A wheel carries the models: what setuptools would put into one, from this project's own setup.cfg."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from melgan_vc.pretrained.catalogue import find_model, model_names

REPOSITORY = Path(__file__).parents[2]
BUILD = "from setuptools import setup; setup()"


def test_every_folder_of_code_is_a_package():
    """Else it is there in a checkout, and in no wheel."""
    folders = {path.parent for path in (REPOSITORY / "melgan_vc").rglob("*.py")}
    assert [folder.name for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_a_wheel_carries_them(models, tmp_path):
    pytest.importorskip("setuptools")
    project = tmp_path / "project"
    package = project / "melgan_vc"
    shutil.copytree(REPOSITORY / "melgan_vc" / "pretrained", package / "pretrained")
    for name in ("rock2jazz", "voice_a2b"):
        shutil.copytree(models / name, package / "pretrained" / name)
    (package / "pretrained" / "rock2jazz" / "weights.weights.h5~").write_text("an editor's")
    for room in ("features", "nets"):
        shutil.copytree(REPOSITORY / "melgan_vc" / room, package / room)
    shutil.copy(REPOSITORY / "melgan_vc" / "__init__.py", package)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, project)
    command = [sys.executable, "-c", BUILD, "-q", "build_py", "--build-lib", tmp_path / "wheel"]
    done = subprocess.run(list(map(str, command)), cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

    built = tmp_path / "wheel" / "melgan_vc" / "pretrained"
    assert {"rock2jazz", "voice_a2b"} <= set(model_names(built))
    for name in ("rock2jazz", "voice_a2b"):
        carried = {path.name: path.read_bytes() for path in find_model(name, built).iterdir()}
        assert carried == {path.name: path.read_bytes() for path in (models / name).iterdir()}
    for folder, weights in (
        ("features/whisper", "encoder.npz"),
        ("features/transcriber", "weights.npz"),
        ("nets/student", "look_ahead_12.npz"),
        ("nets/student", "notes.npz"),
        ("nets/neutral", "voice.npz"),
    ):
        assert {weights, "README.md", "__init__.py"} <= {path.name for path in (built.parent / folder).iterdir()}
    assert not list(built.rglob("__pycache__")) and (built / "catalogue.py").is_file()
