"""A full disk, a damaged checkpoint, a second process: nothing of a run is lost."""

import errno
import json
import resource
import shutil
from pathlib import Path

import numpy as np
import pytest

from melgan_vc.atomic import NoRoomError
from melgan_vc.errors import MelganVcError
from melgan_vc.runs.one_training import one_training
from melgan_vc.training.log.tensorboard import TensorboardLog

# What happens on the disk has nothing to do with the method.
pytestmark = pytest.mark.parametrize("method", ["travelgan"], indirect=True, scope="session")


@pytest.fixture
def run(straight_run, tmp_path):
    """A copy of a run of 20 steps that was broken off at step 10."""
    run = shutil.copytree(straight_run, tmp_path / "run")
    shutil.rmtree(run / "checkpoints" / "step-00000020")
    return run


def contents(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_on_a_full_disk_the_last_whole_state_stays_and_is_gone_on_with(run, fit, straight_run, same_training):
    before, limits = contents(run / "checkpoints"), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
    try:
        with pytest.raises(NoRoomError) as caught:
            fit(run, resume=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(caught.value) == (
        f"Could not write {run / 'checkpoints' / 'step-00000020'}: the file is larger than the system allows. What "
        "was there before is as it was; make room and try again. The run is saved up to step 10: go on with --resume."
    )
    assert contents(run / "checkpoints") == before
    shutil.copytree(
        run / "checkpoints" / "step-00000010", run / "checkpoints" / ".partial-12345678" / "step-00000020"
    )
    (run / "checkpoints" / "latest.json").write_bytes(b"")

    _, printed = fit(run, resume=True)
    assert "Going on from step 10" in printed
    same_training(straight_run, run)
    assert not list(run.rglob(".*")), "what a killed process left is swept"


def test_a_full_disk_is_a_sentence_wherever_it_is_found_out(run, fit, monkeypatch):
    def full(self, event):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TensorboardLog, "_write", full)
    with pytest.raises(NoRoomError, match=rf"^Could not write in {run}: the disk is full. .* step 10: go on"):
        fit(run, resume=True)


def test_a_damaged_checkpoint_is_told_and_the_one_before_is_gone_on_with(straight_run, fit, tmp_path):
    run = shutil.copytree(straight_run, tmp_path / "run")
    state = run / "checkpoints" / "step-00000020" / "state.npz"
    np.savez(state, nothing=np.zeros(3))
    outcome, printed = fit(run, "training.steps=11", resume=True)
    assert "The checkpoint step-00000020 is damaged (state.npz is not what was written)" in printed
    assert "Going on from step 10." in printed and outcome.step == 11
    assert sorted(place.name for place in run.glob("checkpoints/step-*")) == ["step-00000010", "step-00000011"]


def test_a_run_that_is_being_trained_is_not_trained_by_another(run, fit):
    before = contents(run)
    with one_training(run):
        for resume in (True, False):
            with pytest.raises(MelganVcError, match="Expected a run that is not being trained, received: .*run"):
                fit(run, resume=resume)
    assert contents(run) == before


def test_a_folder_that_has_other_audio_now_is_not_gone_on_with(run, fit):
    reports = json.loads((run / "corpus.json").read_text())
    for file in reports[1]["files"]:
        file["digest"] = file["digest"][::-1]
    (run / "corpus.json").write_text(json.dumps(reports))
    with pytest.raises(MelganVcError, match=r"has learned from, received: .*target, which has none of those 5 files"):
        fit(run, resume=True)
