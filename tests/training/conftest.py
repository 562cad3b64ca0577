"""Two small folders of audio, and one run trained on them that many tests look at."""

import functools
import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from rich.console import Console

from melgan_vc.config.method_folders import method_names
from melgan_vc.methods.presets import preset
from melgan_vc.training.train import train
from melgan_vc.training.trainer import Trainer

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def corpus(made_once) -> dict[str, Path]:
    """Folders ``source`` and ``target``, five recordings of 1.5 s each, and a ``cache`` for their features."""

    def make(root):
        draw, time = np.random.default_rng(0), np.arange(12000) / 8000
        for domain, pitch in (("source", 200), ("target", 500)):
            (root / domain).mkdir()
            for number in range(5):
                hertz = pitch * (1 + 0.1 * number)  # and a tenth up and down: no note is held, as in speech
                moving = 2 * np.pi * hertz * time + 0.1 * hertz / 3 * np.sin(2 * np.pi * 3 * time)
                tone = np.sin(moving) * (1 + np.sin(6 * time)) / 2
                wave = 0.2 * tone + 0.02 * draw.standard_normal(len(time))
                soundfile.write(root / domain / f"{domain} {number}.wav", wave, 8000)

    root = made_once("corpus", make)
    return {name: root / name for name in ("source", "target", "cache")}


@pytest.fixture(scope="session", params=method_names())
def method(request) -> str:
    """Name of a method: whoever asks for it, or for what trains, is a test of every method."""
    return request.param


@pytest.fixture(scope="session")
def fit_method(corpus):
    """As `fit`, with the method's name before the rest."""

    def call(method, run, *settings, resume=False):
        printed = Console(file=io.StringIO(), width=200)
        config = preset("debug", method).with_overrides(list(settings))
        folders = {name: corpus[name] for name in config.method.domain_names}
        outcome = train(config, folders, run, cache=corpus["cache"], resume=resume, console=printed)
        return outcome, printed.file.getvalue()

    return call


@pytest.fixture(scope="session")
def fit(fit_method, method):
    """``fit(run, *settings, resume=False)`` trains the debug preset; returns the outcome and what was printed."""
    return functools.partial(fit_method, method)


@pytest.fixture(scope="session")
def straight_run_of(fit_method, made_once):
    """``straight_run_of(method)``: the run folder of 20 steps without a break; look, but do not touch."""

    def call(method) -> Path:
        return made_once(f"run-{method}", lambda folder: fit_method(method, folder / "straight")) / "straight"

    return call


@pytest.fixture(scope="session")
def straight_run(straight_run_of, method) -> Path:
    """That of the method."""
    return straight_run_of(method)


@pytest.fixture(scope="session")
def run_on_jax(made_once):
    """``run_on_jax(script, *arguments)`` runs a script of the tests in one process on JAX; fails if it does.

    What is compiled is kept for the next of them: their training steps are partly the same.
    """
    environment = {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu", "PYTHONPATH": str(REPOSITORY)}
    environment["JAX_COMPILATION_CACHE_DIR"] = str(made_once("jax", lambda folder: None))
    environment["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"

    def call(script, *arguments) -> None:
        done = subprocess.run(
            [sys.executable, script, *map(str, arguments)],
            cwd=REPOSITORY,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, done.stderr

    return call


AS_IN_THIS_PROCESS = """
import tensorflow
from tests.quick_trainings import collect_garbage_rarely
collect_garbage_rarely()
tensorflow.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
"""
"""See `pytest_runtest_setup`: so that a training of another process is the same one to the last bit."""

TRAIN_CLI = """
from melgan_vc.cli.train import main
main()
"""


@pytest.fixture
def start_training(corpus, method):
    """``start_training(run, *arguments, driver=None)`` starts train_cli.py's command as a process of its own.

    A driver is Python code that ends in calling ``main()``, for a process that does something more.
    """
    started = []

    def start(*arguments, run, driver=None, **environment) -> subprocess.Popen:
        program = AS_IN_THIS_PROCESS + (driver or TRAIN_CLI)
        command = [sys.executable, "-c", program, method, "--run", run, "--cache", corpus["cache"], *arguments]
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=REPOSITORY,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def folders_of(corpus, method) -> list[str]:
    """The options for a new run on the small folders."""
    if method == "stargan":
        return [f"--domain={name}={corpus[name]}" for name in ("source", "target")]
    if method == "vocoder":
        return [f"--data={corpus[name]}" for name in ("source", "target")]
    if method == "autoencoder":
        return ["--target", str(corpus["target"])]
    return ["--source", str(corpus["source"]), "--target", str(corpus["target"])]


@pytest.fixture
def wider(method) -> str:
    """A setting that makes the network that a run keeps wider than the debug preset's."""
    name = next(role for role in ("generator", "decoder") if hasattr(preset("debug", method).method, role))
    return f"method.{name}.channels=24"


@pytest.fixture
def same_training():
    """``same_training(a, b)`` asserts that the last checkpoints of two runs hold the same numbers, all of them."""

    def check(one: Path, other: Path) -> None:
        states = []
        for run in (one, other):
            (place,) = sorted(run.glob("checkpoints/step-*"))[-1:]
            states.append((place.name, (place / "progress.json").read_text(), dict(np.load(place / "state.npz"))))
        (name, progress, arrays), (other_name, other_progress, other_arrays) = states
        assert name == other_name and progress == other_progress
        assert arrays.keys() == other_arrays.keys() and len(arrays) > 100
        for key, array in arrays.items():
            np.testing.assert_allclose(other_arrays[key], array, rtol=0, atol=1e-6, err_msg=f"{name}, array {key}")

    return check


@pytest.fixture(scope="module")
def trainer(method):
    """A debug trainer that has not been trained."""
    return Trainer(preset("debug", method))
