"""A run is trained by one process at a time."""

import os

import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.runs.one_training import LOCK, one_training


def test_a_second_training_is_refused_as_long_as_the_first_one_goes_on(tmp_path):
    run = tmp_path / "run"
    with one_training(run):
        (run / "config.json").touch()
        refused = pytest.raises(MelganVcError, match=rf"being trained, received: .*run \(process {os.getpid()} is")
        with refused, one_training(run):
            pytest.fail("both train")
    with one_training(run):
        pass
    assert [path.name for path in run.iterdir()] == ["config.json"]


def test_two_runs_are_trained_side_by_side(tmp_path):
    with one_training(tmp_path / "a"), one_training(tmp_path / "b"):
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_lock_that_a_kill_left_is_none(tmp_path):
    (tmp_path / LOCK).write_text("process 17\n")
    with one_training(tmp_path):
        assert (tmp_path / LOCK).read_text() == f"process {os.getpid()}\n"


def test_a_refused_run_leaves_a_folder_only_where_there_was_one(tmp_path):
    (tmp_path / "mine").mkdir()
    for name in ("mine", "new"):
        with pytest.raises(MelganVcError, match="no such"), one_training(tmp_path / name):
            raise MelganVcError("no such method")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
