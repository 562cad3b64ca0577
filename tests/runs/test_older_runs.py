"""A run folder of version 0.1.0, in which players were fields and checkpoints listed their weights by position."""

import io
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest
import soundfile
from rich.console import Console

import melgan_vc as mv
from melgan_vc.api import train_run
from melgan_vc.config.run import load_config
from melgan_vc.convert.first_pass import first_pass
from melgan_vc.methods.loading import load_conversion

RATE = 8000
RUN = Path(__file__).with_name("format_1")
"""Of 4 steps at a learning rate of 0.002 on the folders below, ``travelgan --preset debug``."""
THEN = np.load(Path(__file__).with_name("format_1_then.npz"))
"""Made by that version: the ``log_mel`` that it converts `buzz` to, and all ``weights`` two steps later."""


def buzz(hertz: float, seconds: float) -> np.ndarray:
    time = np.arange(int(RATE * seconds)) / RATE
    harmonics = sum(np.sin(2 * np.pi * n * hertz * time) / n for n in range(1, 9))
    return (0.2 * harmonics * (0.6 + 0.4 * np.sin(2 * np.pi * 3.0 * time))).astype(np.float32)


def weights_of(run: Path) -> np.ndarray:
    """All weights one after the other, in the order of their names."""
    found = {}

    def keep(name, item):
        if isinstance(item, h5py.Dataset) and item.dtype.kind == "f":
            found[name] = np.ravel(item)

    with h5py.File(run / "weights.weights.h5") as file:
        file.visititems(keep)
    return np.concatenate([found[name] for name in sorted(found)])


@pytest.fixture
def folders(tmp_path):
    for name, lowest in (("low", 100.0), ("high", 220.0)):
        (tmp_path / name).mkdir()
        for n in range(4):
            soundfile.write(tmp_path / name / f"{n}.wav", buzz(lowest * 1.1**n, 2.0), RATE, subtype="FLOAT")
    return {"source": tmp_path / "low", "target": tmp_path / "high"}


@pytest.fixture
def run(tmp_path):
    return shutil.copytree(RUN, tmp_path / "run")


def test_it_converts_as_it_did(run):
    wave, conversion = buzz(150.0, 1.0), load_conversion(run)
    (part,) = first_pass([wave[:, None]], RATE, conversion).parts
    found = conversion.whole(mv.log_mel(wave * np.float32(part.gain), conversion.config.mel))
    np.testing.assert_allclose(found, THEN["log_mel"], atol=1e-4)


def test_what_was_cached_with_it_is_found_again(run):
    assert load_conversion(run).digest == "656f19166bd29937"


def test_it_trains_on_as_it_did(run, folders, tmp_path):
    console = Console(file=io.StringIO(), width=200)
    before = weights_of(run)
    options = {"method": "travelgan", "resume": True, "steps": 6, "cache": tmp_path / "cache"}
    train_run(run, folders, console=console, **options)
    assert "Going on from step 4" in console.file.getvalue()
    assert load_config(run / "config.json").training.players["critic"].learning_rate == 0.002
    assert np.abs(before - THEN["weights"]).mean() > 3e-4
    np.testing.assert_allclose(weights_of(run), THEN["weights"], atol=1e-4)
