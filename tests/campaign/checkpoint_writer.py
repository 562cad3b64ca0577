"""Saving and loading checkpoints of a training of two numbers, whose every array is told by its step."""

import itertools
import sys
import time
from pathlib import Path

import numpy as np

from melgan_vc.atomic import sweep
from melgan_vc.training.checkpoints import Checkpoints


class Variable:
    """What `Checkpoints` asks of a variable."""

    def __init__(self, shape):
        self.value = np.zeros(shape, np.float32)
        self.shape = shape

    def __array__(self, dtype=None, copy=None):
        return np.array(self.value, dtype)

    def assign(self, value):
        self.value = np.asarray(value)


class SmallTraining:
    """What `Checkpoints` asks of a trainer: 20,000 numbers, all of them equal to the step."""

    def __init__(self):
        self.weights = [Variable((100, 100)), Variable((10_000,))]
        self.optimizer = self
        self.variables = [Variable(())]

    step = property(lambda self: int(self.variables[0].value))

    def at(self, step: int) -> "SmallTraining":
        """As it is at that step."""
        for variable in (*self.weights, *self.variables):
            variable.assign(np.full(variable.shape, step, np.float32))
        return self

    def synchronise(self):
        pass

    def variables_of_networks(self):
        return self.weights

    def names_of_variables(self):
        return ["generator/small-0/000-kernel", "generator/small-0/001-bias"]


def save(folder: Path, training: SmallTraining) -> None:
    """Save a checkpoint as a training does that has just begun or was resumed: it does not know what is there."""
    Checkpoints(folder, keep=2).save(training, batches=training.step + 3)


def newest(folder: Path) -> int | None:
    """The step that a training goes on from, None for a new one; fails if it is not whole in every number."""
    sweep(folder)  # as a training does first
    checkpoints, training = Checkpoints(folder, keep=2), SmallTraining()
    place = checkpoints.latest()
    if place is None:
        return None
    batches = checkpoints.restore(training, place)
    step = training.step
    for variable in training.weights:
        np.testing.assert_array_equal(variable.value, step)
    assert batches == step + 3, f"step {step} with the progress of step {batches - 3}"
    return step


def require_kept(folder: Path, saved: int | None) -> None:
    """Fails unless a training goes on from the step that was the last to be saved, or a later one."""
    step = newest(folder)
    assert saved is None or step is not None and step >= saved, f"step {saved} was saved, and step {step} is there"


def save_and_tell(folder: Path) -> None:
    """Save checkpoints of steps 1, 2, 2, 3, ... for ever; print each step once it is saved."""
    training = SmallTraining()
    for step in itertools.count(1):
        for _ in range(2 if step % 2 else 1):
            save(folder, training.at(step))
            print(step, flush=True)
            time.sleep(0.02)


if __name__ == "__main__":
    save_and_tell(Path(sys.argv[1]))
