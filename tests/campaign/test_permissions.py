"""Files and folders that one may not read or write: one sentence that names them, and a batch goes on."""

import ctypes
import json
import os
import shutil

import pytest

from melgan_vc.cli import convert, train
from melgan_vc.cli.app import app

_READ_AND_WRITE_ANYTHING = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
_CAPABILITIES_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Sets(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


@pytest.fixture(autouse=True)
def as_anybody():
    """Takes from root, for a test, what lets it read and write anything; other users never could."""
    if os.geteuid():
        yield
        return
    library, header, sets = ctypes.CDLL(None, use_errno=True), _Header(_CAPABILITIES_VERSION_3, 0), (_Sets * 2)()
    if library.capget(ctypes.byref(header), sets):
        pytest.skip("needs Linux's capabilities")
    before = sets[0].effective
    sets[0].effective = before & ~_READ_AND_WRITE_ANYTHING
    assert not library.capset(ctypes.byref(header), sets)
    yield
    sets[0].effective = before
    assert not library.capset(ctypes.byref(header), sets)


@pytest.fixture
def forbid():
    """``forbid(path, mode=0)`` takes rights from a file or folder, until the end of the test."""
    before = {}

    def call(path, mode=0o000):
        before.setdefault(path, path.stat().st_mode)
        path.chmod(mode)
        return path

    yield call
    for path, mode in before.items():
        path.chmod(mode)


@pytest.fixture
def songs(folders, tmp_path):
    """A copy of the recordings of the source."""
    return shutil.copytree(folders["source"], tmp_path / "songs")


@pytest.fixture
def run(identity_run, tmp_path):
    """A copy of a run."""
    return shutil.copytree(identity_run, tmp_path / "a run")


def test_a_batch_goes_on_after_a_file_that_may_not_be_read(command, forbid, songs, run, tmp_path, tries):
    forbidden = forbid(songs / "source 2.wav")
    with tries("no permission") as one, one("a file of a batch"):
        result = command(convert.app, songs, "--model", run, "-o", tmp_path / "out")
        assert result.exit_code == 1 and forbidden.name in result.stderr and "permission" in result.stderr
        assert len(list((tmp_path / "out").iterdir())) == 4


def test_a_batch_goes_on_after_a_folder_that_may_not_be_written(command, forbid, songs, run, tmp_path, tries):
    for number, folder in enumerate(("a", "b", "c")):
        (songs / folder).mkdir()
        (songs / f"source {number}.wav").rename(songs / folder / "song.wav")
        (tmp_path / "out" / folder).mkdir(parents=True)
    forbid(tmp_path / "out" / "b", 0o555)
    with tries("no permission") as one, one("a folder of a batch"):
        result = command(convert.app, songs, "--model", run, "-o", tmp_path / "out")
        assert result.exit_code == 1 and "song.wav" in result.stderr and "permission" in result.stderr
        assert len(list((tmp_path / "out").rglob("*.wav"))) == 4


CONVERSIONS = {
    "the model's folder": lambda run, songs, out: (run, 0o000),
    "the model's config": lambda run, songs, out: (run / "config.json", 0o000),
    "the model's weights": lambda run, songs, out: (run / "weights.weights.h5", 0o000),
    "the folder of songs": lambda run, songs, out: (songs, 0o000),
    "the output folder": lambda run, songs, out: (out, 0o555),
}


@pytest.mark.parametrize("what", CONVERSIONS)
def test_a_conversion_without_permission_is_refused(refused, forbid, songs, run, tmp_path, tries, what):
    (tmp_path / "out").mkdir()
    forbid(*CONVERSIONS[what](run, songs, tmp_path / "out"))
    with tries("no permission") as one, one(f"convert, {what}"):
        message = refused(convert.app, songs / "source 0.wav", "--model", run, "-o", tmp_path / "out" / "song.wav")
        assert str(tmp_path) in message or run.name in message, message


def test_a_picture_that_may_not_be_written_is_told_and_the_sound_is_there(
    command, forbid, songs, run, tmp_path, tries, monkeypatch
):
    (tmp_path / "out.png").write_bytes(b"mine")
    forbid(tmp_path / "out.png", 0o444)
    with tries("no permission") as one, one("convert, the picture"):
        arguments = (songs / "source 0.wav", "--model", run, "-o", tmp_path / "out.wav", "--picture")
        result = command(convert.app, *arguments)
        assert result.exit_code in (1, 2) and "out.png" in result.stderr
        assert (tmp_path / "out.png").read_bytes() == b"mine"


@pytest.mark.parametrize("place", ["run", "cache"])
def test_a_training_without_permission_is_refused_before_it_begins(
    refused, forbid, small_training, tmp_path, tries, place
):
    for name in ("run", "cache"):
        (tmp_path / name).mkdir()
    forbid(tmp_path / place, 0o555)
    with tries("no permission") as one, one(f"train, the folder of the {place}"):
        folders = "--run", tmp_path / "run" / "mine", "--cache", tmp_path / "cache" / "mine"
        message = refused(train.app, *small_training, *folders)
        assert str(tmp_path / place) in message and "ermission" in message


def test_inspecting_tells_a_file_that_may_not_be_read(command, forbid, songs, tries, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    forbid(songs / "source 2.wav")
    with tries("no permission") as one, one("inspect, a file"):
        result = command(app, "inspect", songs)
        assert result.exit_code == 0 and "1 unreadable (source 2.wav)" in result.output


def test_exporting_to_where_one_may_not_write_is_refused(refused, forbid, run, tmp_path, tries):
    (tmp_path / "out").mkdir()
    forbid(tmp_path / "out", 0o555)
    with tries("no permission") as one, one("export, the output folder"):
        refused(app, "export", run, "-o", tmp_path / "out" / "model", "--task", "x")


def test_a_complete_cache_that_may_not_be_written_is_read(forbid, folders, tmp_path, tries):
    from melgan_vc.config.corpus import CorpusConfig
    from melgan_vc.config.mel import MelConfig
    from melgan_vc.corpus.prepare import prepare

    settings = {"mel": MelConfig(), "corpus": CorpusConfig(), "cache": tmp_path / "cache", "progress": False}
    before = prepare(folders["source"], **settings)
    for place in [tmp_path / "cache", *(tmp_path / "cache").rglob("*")]:
        forbid(place, 0o555 if place.is_dir() else 0o444)
    with tries("no permission") as one, one("a complete cache"):
        again = prepare(folders["source"], **settings)
        assert json.dumps(again.report.to_json()) == json.dumps(before.report.to_json())
        assert again.train.frames == before.train.frames > 0
