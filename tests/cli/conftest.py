"""The commands in this process, for what needs no process of its own; and a run to convert with."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from melgan_vc.cli import convert, train
from melgan_vc.cli.app import app
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_network
from melgan_vc.runs.run_folder import RunFolder

APPS = {"convert": convert.app, "train": train.app, "melgan-vc": app}


@pytest.fixture
def command():
    """``command("convert", *arguments, stdin=None)`` runs a command and returns click's result."""

    def call(name, *arguments, stdin=None):
        return CliRunner().invoke(APPS[name], [str(part) for part in arguments], input=stdin)

    return call


@pytest.fixture
def refused(command):
    """``refused(name, *arguments)``: the one sentence on standard error of a command that exits with code 2."""

    def call(name, *arguments, stdin=None):
        result = command(name, *arguments, stdin=stdin)
        assert result.exit_code == 2, result.output
        *bars, error = result.stderr.strip().splitlines()
        assert error.startswith("Error: ") and all("━" in bar for bar in bars), result.stderr
        return error

    return call


@pytest.fixture(scope="session")
def identity_run(tmp_path_factory) -> Path:
    """A run folder whose generator is untrained: the identity."""
    return untrained("travelgan", tmp_path_factory.mktemp("runs") / "identity")


@pytest.fixture(scope="session")
def both_ways_run(tmp_path_factory) -> Path:
    """The same of a method that learns both directions; its way back makes everything silent."""
    path = tmp_path_factory.mktemp("runs") / "both ways"
    return untrained("cyclegan", path, lambda pair: pair.to_source.trainable_variables[-1].assign([-20.0] * 32))


@pytest.fixture(scope="session")
def voices_run(tmp_path_factory) -> Path:
    """The same of a method of many voices, whose pitches are known: what is left is the shift.

    Its mel bands are narrower than the preset's, so that they hold harmonics.
    """
    voices = ('method.domains=["ann","bob","cat"]', "method.pitches=[200,120,230]", "mel.n_mels=80", "mel.n_fft=1024")
    return untrained("stargan", tmp_path_factory.mktemp("runs") / "voices", settings=voices)


@pytest.fixture(scope="session")
def vocoder_run(tmp_path_factory) -> Path:
    """A run folder of an untrained vocoder: two iterations of Griffin-Lim."""
    return untrained("vocoder", tmp_path_factory.mktemp("runs") / "tiny-vocoder")


def untrained(method: str, path: Path, change=None, settings=()) -> Path:
    """A run folder as training leaves it, as far as conversion is concerned."""
    config, folder = preset("debug", method).with_overrides(list(settings)), RunFolder(path)
    folder.save_config(config)
    network = build_network(config)
    if change:
        change(network)
    network.save_weights(folder.weights_file)
    return folder.path


@pytest.fixture
def record(tmp_path):
    """``record(name, seconds=0.5, rate=8000)`` writes noise under ``tmp_path`` and returns its path."""

    def write(name, *, seconds=0.5, rate=8000) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, 0.1 * np.random.default_rng(0).standard_normal(int(seconds * rate)), rate)
        return path

    return write
