"""Files and folders appear whole or not at all."""

import os

import pytest

from melgan_vc.atomic import remove, replacing


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_in_a_new_folder(tmp_path):
    place = tmp_path / "a" / "b" / "new.txt"
    with replacing(place) as partial:
        partial.write_text("whole")
        assert not place.exists() and partial.parent == place.parent and partial.suffix == ".txt"
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
    place.mkdir()
    (place / "old").touch()
    with replacing(place) as partial:
        partial.mkdir()
        (partial / "new").touch()
        assert names(place) == ["old"]
    assert names(place) == ["new"] and names(tmp_path) == ["step"]


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


def test_the_rest_of_a_killed_process_is_cleared_away(tmp_path):
    # In a container every process may have the same number.
    (tmp_path / f".partial-{os.getpid()}-x").mkdir()
    (tmp_path / f".partial-{os.getpid()}-x" / "half").touch()
    with replacing(tmp_path / "x") as partial:
        partial.mkdir()
    assert names(tmp_path) == ["x"] and names(tmp_path / "x") == []


def test_remove_takes_anything(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    for name in ("file", "folder", "nothing"):
        remove(tmp_path / name)
    assert names(tmp_path) == []
