"""A training that diverges goes back to where it was sound; a second time it stops with advice."""

import csv

import numpy as np
import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.training.checkpoints import Checkpoints
from melgan_vc.training.progress import Counter, Progress
from melgan_vc.training.safety import Safety


@pytest.fixture
def safety(trainer, tmp_path):
    """A `Safety` with a checkpoint of step 0 to fall back to; ``safety.said`` is what it told the user."""
    checkpoints = Checkpoints(tmp_path / "checkpoints", keep=2)
    trainer.optimizer.iterations.assign(0)
    checkpoints.save(trainer, batches=0)
    said = []
    callback = Safety(
        Progress(0, 0, steps=100), RunFolder(tmp_path), checkpoints, every=10, say=lambda line: said.append(line)
    )
    callback.said = said
    callback.set_model(trainer)
    return callback


def reach(safety, step, **logs):
    """What ``fit`` does at the end of a batch."""
    safety.progress.step = safety.progress.batches = step
    safety.model.optimizer.iterations.assign(step)
    safety.on_train_batch_end(0, {"critic_loss": 1.0, "generator_loss": 1.0} | logs)


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), -2e5])
def test_a_broken_loss_goes_back_to_the_last_good_checkpoint(safety, loss):
    weight = safety.model.variables_of_networks()[0]
    reach(safety, 10)
    good = np.array(weight)
    weight.assign(good + 1.0)
    reach(safety, 20, generator_loss=loss)
    assert safety.progress.step == safety.model.step == 10
    assert safety.progress.batches == 20, "it must not be led into the same batches again"
    np.testing.assert_array_equal(np.array(weight), good)
    (line,) = safety.said
    assert "diverged at step 20" in line and "generator_loss" in line and "checkpoint of step 10" in line


def test_the_second_time_it_stops_with_advice(safety):
    reach(safety, 10, critic_loss=float("nan"))
    first = next(iter(safety.model.method.players))
    advice = rf"training\.{first}\.learning_rate=1e-4.*clip_norm=1"
    with pytest.raises(MelganVcError, match=rf"step 20: critic_loss=nan.*{advice}"):
        reach(safety, 20, critic_loss=float("nan"))


def test_a_weight_that_is_not_finite_is_never_saved(safety):
    weight = safety.model.variables_of_networks()[3]
    good = np.array(weight)
    weight.assign(np.full(weight.shape, np.nan))
    reach(safety, 10)
    assert "a weight is not finite" in safety.said[0]
    np.testing.assert_array_equal(np.array(weight), good)
    assert safety.checkpoints.latest().name == "step-00000000"


@pytest.mark.parametrize("method", ["travelgan"], indirect=True, scope="session")
def test_an_end_saves_what_the_last_step_has_not(safety):
    def saved():
        return {file: file.stat().st_mtime_ns for file in safety.folder.path.rglob("*") if file.is_file()}

    reach(safety, 10)
    after_the_step = saved()
    safety.on_train_end()
    assert saved() == after_the_step, "nothing is written twice"
    reach(safety, 11)  # none is due
    assert saved() == after_the_step
    safety.on_train_end()
    assert safety.checkpoints.latest().name == "step-00000011"
    weights = safety.folder.weights_file
    assert saved()[weights] > after_the_step[weights]


# That every method comes back from a NaN is a part of the sessions in test_jax.py.
@pytest.mark.parametrize("method", ["travelgan"], indirect=True, scope="session")
def test_training_through_a_nan(fit, method, tmp_path, monkeypatch):
    """A poisoned weight at batch 18: back to step 10, and on to the end, which is step 20 whatever happened."""
    count, poisoned = Counter.on_train_batch_end, []

    def count_and_poison(self, batch, logs=None):
        count(self, batch, logs)
        if self.progress.batches == 18:
            variable = self.model.method.network.trainable_variables[0]
            variable.assign(np.full(variable.shape, np.nan))
            poisoned.append(self.progress.step)

    monkeypatch.setattr(Counter, "on_train_batch_end", count_and_poison)
    outcome, printed = fit(tmp_path / "run")
    assert poisoned == [18] and outcome.step == 20 and outcome.stopped_because is None
    assert "The training diverged at step 20" in printed
    assert "back to the checkpoint of step 10, on with other batches" in printed
    for place in (tmp_path / "run" / "checkpoints").glob("step-*"):
        for name, array in np.load(place / "state.npz").items():
            assert np.isfinite(array).all(), f"{place.name}, array {name}"
    with open(tmp_path / "run" / "metrics.csv", newline="") as file:
        table = list(csv.DictReader(file))
    assert [int(row["step"]) for row in table] == [5, 10, 15, 20]
    assert all(np.isfinite(float(value)) for row in table for value in row.values())
