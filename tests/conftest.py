"""What every test shares: a quiet TensorFlow, the default backend, fixed seeds."""

import os
from pathlib import Path

# Read when TensorFlow is first imported, so set before any test module is.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
# A test takes a few steps: XLA's compilation is what takes its time, and not how fast the code is in the end.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")

# librosa's numba functions are compiled once and kept. numba numbers what it keeps without a lock: where two
# processes compile at a time, as on a fresh install, one may get the machine code for the other's types, and crash.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    compiled = os.environ.get("NUMBA_CACHE_DIR") or Path(__file__).parents[1] / ".pytest_cache" / "numba"
    os.environ["NUMBA_CACHE_DIR"] = str(Path(compiled) / worker)

import functools
import sys

import numpy as np
import pytest

_MOST_STEPS_UNTRACED = 12


def pytest_runtest_setup(item):
    """Trainings of a few steps take them without a graph: tracing and optimising one takes as long as 20 steps do.

    Graphs are what longer trainings, the comparison of backends, notebooks and commands as processes have.
    """
    if "melgan_vc.training.trainer" in sys.modules and os.environ["KERAS_BACKEND"] == "tensorflow":
        _trace_long_trainings_alone()


@functools.cache
def _trace_long_trainings_alone():
    trainer_type = sys.modules["melgan_vc.training.trainer"].Trainer
    begin = trainer_type.__init__

    @functools.wraps(begin)
    def begin_untraced(self, config):
        begin(self, config)
        if config.training.steps <= _MOST_STEPS_UNTRACED:
            self.run_eagerly = True

    trainer_type.__init__ = begin_untraced


@pytest.fixture
def draw() -> np.random.Generator:
    """Random numbers, the same in every run."""
    return np.random.default_rng(0)


@pytest.fixture
def random_mel(draw):
    """``random_mel(batch, frames, n_mels)``: log-mels uniform in [-1, 1], float32."""

    def make(*shape: int) -> np.ndarray:
        return draw.uniform(-1.0, 1.0, shape).astype(np.float32)

    return make
