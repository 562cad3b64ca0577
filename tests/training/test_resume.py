"""A run that was broken off goes on as if it had not been."""

import csv
import json
import shutil
import signal

import pytest

from melgan_vc.errors import MelganVcError

# The process kills itself as ``kill -9`` would: at step 17, between the checkpoint of step 10 and that of step 20,
# and after the metrics of step 15 were written.
KILLED_AT_17 = """
import os, signal
from melgan_vc.cli.train import main
from melgan_vc.engine.start import start_engine
start_engine()
from melgan_vc.training.progress import Counter
count = Counter.on_train_batch_end
def count_until_17(self, batch, logs=None):
    count(self, batch, logs)
    if self.progress.step == 17:
        os.kill(os.getpid(), signal.SIGKILL)
Counter.on_train_batch_end = count_until_17
main()
"""


def rows(run):
    """The rows of metrics.csv without the speed, which no two runs share."""
    with open(run / "metrics.csv", newline="") as file:
        table = [{k: float(v) for k, v in row.items() if k != "steps_per_second"} for row in csv.DictReader(file)]
    return table


def test_ten_steps_and_ten_more_equal_twenty(straight_run, fit, same_training, tmp_path):
    """Of every method: as if it had been broken off after the checkpoint of step 10 and the metrics of step 15."""
    run = shutil.copytree(straight_run, tmp_path / "broken off")
    shutil.rmtree(run / "checkpoints" / "step-00000020")
    lines = (run / "metrics.csv").read_text().splitlines()
    (run / "metrics.csv").write_text("\n".join(lines[:-1]) + "\n")
    outcome, printed = fit(run, resume=True)
    assert "Going on from step 10" in printed and outcome.step == 20
    same_training(straight_run, run)
    assert [row["step"] for row in rows(run)] == [5, 10, 15, 20]
    for straight, broken in zip(rows(straight_run), rows(run), strict=True):
        assert broken == pytest.approx(straight, abs=1e-4)


# Whom a signal stops has nothing to do with the method, and a process is slow to start.
@pytest.mark.parametrize("method", ["travelgan"], indirect=True, scope="session")
def test_ten_steps_a_kill_and_ten_more_equal_twenty(
    straight_run, start_training, folders_of, fit, same_training, tmp_path
):
    run = tmp_path / "killed run"
    killed = start_training(*folders_of, "--preset", "debug", run=run, driver=KILLED_AT_17)
    _, errors = killed.communicate(timeout=900)
    assert killed.returncode == -signal.SIGKILL, errors
    assert json.loads((run / "checkpoints" / "latest.json").read_text())["step"] == 10
    assert [row["step"] for row in rows(run)] == [5, 10, 15]

    outcome, printed = fit(run, resume=True)
    assert "Going on from step 10" in printed and outcome.step == 20
    same_training(straight_run, run)
    assert [row["step"] for row in rows(run)] == [5, 10, 15, 20]


@pytest.mark.parametrize("method", ["travelgan"], indirect=True, scope="session")
def test_ctrl_c_saves_and_says_how_to_go_on_at_any_step(
    start_training, folders_of, fit, same_training, method, tmp_path
):
    # The critic moves on every batch and the generator on every third, so the turn must be remembered as well.
    run, every = tmp_path / "stopped [at night]", "training.generator.every=3"
    process = start_training(*folders_of, "--preset", "debug", "--steps", "1000000", "--set", every, run=run)
    for line in process.stdout:
        if line.startswith("step 5/"):
            break
    process.send_signal(signal.SIGINT)
    printed, errors = process.communicate(timeout=900)
    assert process.returncode == 0 and "Traceback" not in errors
    stopped_at = json.loads((run / "checkpoints" / "latest.json").read_text())["step"]
    assert stopped_at >= 5
    assert f"Stopped at step {stopped_at} because you asked it to stop; everything is saved." in printed
    assert f"Go on with: python train_cli.py {method} --run '{run}' --resume" in printed
    assert (run / "weights.weights.h5").is_file() and (run / "README.md").is_file()

    end = f"training.steps={stopped_at + 4}"
    outcome, _ = fit(run, end, every, resume=True)
    assert outcome.step == stopped_at + 4 and outcome.stopped_because is None
    fit(tmp_path / "straight", end, every)
    same_training(tmp_path / "straight", run)


def test_a_second_run_into_the_same_folder_is_refused(straight_run, fit):
    before = (straight_run / "config.json").read_bytes()
    with pytest.raises(MelganVcError, match=r"holds a run already.*--resume"):
        fit(straight_run)
    assert (straight_run / "config.json").read_bytes() == before


def test_nothing_to_resume(fit, tmp_path):
    with pytest.raises(MelganVcError, match="no checkpoint"):
        fit(tmp_path / "new", resume=True)
    assert not (tmp_path / "new").exists()


def test_all_steps_are_done_already(straight_run, fit, tmp_path):
    run = shutil.copytree(straight_run, tmp_path / "copy")
    with pytest.raises(MelganVcError, match=r"step 20 of 20.*--steps"):
        fit(run, resume=True)
    with pytest.raises(MelganVcError, match="step 20 of 8"):
        fit(run, "training.steps=8", resume=True)
    assert json.loads((run / "config.json").read_text())["training"]["steps"] == 20, "a refusal changes nothing"


def test_a_changed_architecture_is_not_resumed(straight_run, fit, wider, tmp_path):
    run = shutil.copytree(straight_run, tmp_path / "copy")
    with pytest.raises(MelganVcError, match=r"config.json changed\?"):
        fit(run, "training.steps=30", wider, resume=True)
