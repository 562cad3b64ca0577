"""Files and folders appear whole or not at all, whatever happens meanwhile."""

import errno
import os
import subprocess
import sys

import pytest

from melgan_vc import atomic
from melgan_vc.atomic import NoRoomError, remove, replacing, sweep


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def make_folder_of(place, name):
    """Replace a folder by one with a file of this name in it."""
    with replacing(place) as partial:
        partial.mkdir()
        (partial / name).touch()


@pytest.fixture
def steps(monkeypatch):
    """What is synced and renamed from now on, in order, by name; a step in ``steps.fail_at`` fails as in a crash."""

    class Steps(list):
        fail_at = None

        def add(self, what, path):
            self.append((what, os.path.basename(path)))
            if self.fail_at == len(self):
                raise KeyboardInterrupt

    steps, opened, rename = Steps(), {}, os.replace

    def opening(path, *arguments, open_file=os.open, **options):
        descriptor = open_file(path, *arguments, **options)
        opened[descriptor] = path
        return descriptor

    def syncing(descriptor):
        steps.add("sync", opened[descriptor])

    def renaming(source, target):
        steps.add("rename", target)
        rename(source, target)

    monkeypatch.setattr(atomic.os, "open", opening)
    monkeypatch.setattr(atomic.os, "fsync", syncing)
    monkeypatch.setattr(atomic.os, "replace", renaming)
    return steps


def test_a_new_file_in_a_new_folder(tmp_path):
    place = tmp_path / "a" / "b" / "new.txt"
    with replacing(place) as partial:
        partial.write_text("whole")
        assert not place.exists() and partial.parent.parent == place.parent and partial.suffix == ".txt"
    assert place.read_text() == "whole" and names(place.parent) == ["new.txt"]


def test_a_file_is_replaced(tmp_path):
    place = tmp_path / "x.json"
    place.write_text("old")
    with replacing(place) as partial:
        partial.write_text("new")
        assert place.read_text() == "old"
    assert place.read_text() == "new" and names(tmp_path) == ["x.json"]


def test_a_folder_is_replaced(tmp_path):
    place = tmp_path / "step"
    make_folder_of(place, "old")
    with replacing(place) as partial:
        partial.mkdir()
        (partial / "new").touch()
        assert names(place) == ["old"]
    assert names(place) == ["new"] and names(tmp_path) == ["step"]


def test_a_file_is_on_the_disk_before_it_has_its_name_and_then_its_name_is(tmp_path, steps):
    with replacing(tmp_path / "runs" / "x.json") as partial:
        partial.write_text("new")
    made = [("sync", tmp_path.name)]
    assert steps == [*made, ("sync", "x.json"), ("rename", "x.json"), ("sync", "runs")]


def test_all_that_is_in_a_folder_is_on_the_disk_before_it_has_its_name(tmp_path, steps):
    with replacing(tmp_path / "step") as partial:
        (partial / "inner").mkdir(parents=True)
        (partial / "inner" / "file").touch()
        (partial / "state").touch()
    last = [("sync", "step"), ("rename", "step"), ("sync", tmp_path.name)]
    assert sorted(steps[:3]) == [("sync", "file"), ("sync", "inner"), ("sync", "state")] and steps[3:] == last


def test_what_can_be_made_again_waits_for_no_disk(tmp_path, steps):
    with replacing(tmp_path / "x.npy", synced=False) as partial:
        partial.write_text("new")
    assert steps == [("rename", "x.npy")]


@pytest.mark.parametrize("step", range(1, 6))
def test_a_crash_at_any_step_leaves_the_old_folder_or_the_new_one(tmp_path, steps, monkeypatch, step):
    place = tmp_path / "step"
    make_folder_of(place, "old")
    steps.clear()
    steps.fail_at = step
    with monkeypatch.context() as dead:
        dead.setattr(atomic, "_clear", lambda place: None)  # as a process that is gone
        with pytest.raises(KeyboardInterrupt):
            make_folder_of(place, "new")
    steps.fail_at = None
    sweep(tmp_path)
    assert names(tmp_path) == ["step"]
    assert names(place) == (["old"] if step <= 4 else ["new"])


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
@pytest.mark.parametrize("folder", [False, True])
def test_a_failure_leaves_what_was_there(tmp_path, error, folder):
    place = tmp_path / "x"
    place.write_text("old")
    with pytest.raises(error), replacing(place) as partial:
        if folder:
            partial.mkdir()
            (partial / "half").touch()
        else:
            partial.write_text("half")
        raise error
    assert place.read_text() == "old" and names(tmp_path) == ["x"]


HDF5 = RuntimeError("Can't decrement id ref count (file write failed: errno = 28, error message = 'No space left')")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "the disk quota is used up"),
        (OSError(errno.EFBIG, "File too large"), "the file is larger than the system allows"),
        (HDF5, "the disk is full"),
    ],
)
def test_a_full_disk_is_a_sentence_and_leaves_what_was_there(tmp_path, error, reason):
    place = tmp_path / "x"
    place.write_text("old")
    with pytest.raises(NoRoomError) as caught, replacing(tmp_path / "outer"), replacing(place) as partial:
        partial.write_text("half")
        raise error
    assert str(caught.value) == (
        f"Could not write {place}: {reason}. What was there before is as it was; make room and try again."
    )
    assert place.read_text() == "old" and names(tmp_path) == ["x"]


WRITES_UNTIL_IT_IS_KILLED = """
import os, signal, sys
from pathlib import Path
from melgan_vc.atomic import replacing
with replacing(Path(sys.argv[1])) as partial:
    partial.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_left_is_swept_and_what_another_writes_is_not(tmp_path):
    place = tmp_path / "deep" / "x"
    subprocess.run([sys.executable, "-c", WRITES_UNTIL_IT_IS_KILLED, place], check=False)
    assert len(names(place.parent)) == 1, "the kill left something"
    with replacing(tmp_path / "deep" / "y") as partial:
        partial.write_text("whole")
        sweep(tmp_path)
        assert names(place.parent) == [partial.parent.name]
    assert names(place.parent) == ["y"] and (place.parent / "y").read_text() == "whole"


def test_what_an_earlier_version_left_is_swept_after_a_day(tmp_path):
    for name in (".partial-1-x", ".partial-17-y", ".writing-z"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half").touch()
    for name in (".partial-1-x", ".writing-z"):
        os.utime(tmp_path / name, (10**9, 10**9))
    sweep(tmp_path)
    assert names(tmp_path) == [".partial-17-y"]


def test_remove_takes_anything(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    for name in ("file", "folder", "nothing"):
        remove(tmp_path / name)
    assert names(tmp_path) == []
