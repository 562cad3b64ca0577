"""What goes wrong in ``convert`` is told in time, costs the other files nothing, and leaves nothing behind."""

import os
import signal
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from melgan_vc.audio.files import AudioWriter
from melgan_vc.cli import conversions
from melgan_vc.convert import stream
from melgan_vc.convert.leftovers import QUIET_SECONDS, sweep
from melgan_vc.methods import loading


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def no_model(monkeypatch):
    """A model must not be loaded: that takes seconds, and measuring a file minutes."""
    monkeypatch.setattr(loading, "load_conversion", lambda *given, **options: pytest.fail("a model was loaded"))


@pytest.mark.parametrize("existing", ["song.converted.wav", "song.converted.png"])
def test_an_existing_file_is_told_first(refused, record, identity_run, no_model, existing):
    record("song.wav"), Path(existing).write_text("precious")
    assert existing in refused("convert", "song.wav", "--model", identity_run, "--picture")
    assert Path(existing).read_text() == "precious"


def test_existing_files_of_a_batch_are_told_first(command, record, identity_run, monkeypatch):
    told = []
    monkeypatch.setattr(conversions, "say_error", told.append)
    convert = stream.convert_file
    monkeypatch.setattr(
        stream, "convert_file", lambda *given, **how: (told.append(given[0]), convert(*given, **how))[1]
    )
    for name in ("a", "b", "c"):
        record(f"album/{name}.wav")
    for done in ("a.wav", "c.wav"):
        Path("album-converted").mkdir(exist_ok=True)
        Path("album-converted", done).touch()
    result = command("convert", "album", "--model", identity_run)
    assert result.exit_code == 1 and "2 of 3 files could not be converted." in result.stderr
    first, second, converted = told
    assert "album-converted/a.wav (it exists already" in first and "album-converted/c.wav (it" in second
    assert converted == Path("album/b.wav") and soundfile.info("album-converted/b.wav").frames == 4000


def test_a_batch_of_existing_files_loads_no_model(command, record, identity_run, no_model):
    for name in ("a", "b"):
        record(f"album/{name}.wav"), record(f"album-converted/{name}.wav")
    result = command("convert", "album", "--model", identity_run)
    assert result.exit_code == 1 and "2 of 2 files could not be converted." in result.stderr


def test_two_files_never_share_a_picture(refused, record, identity_run, no_model):
    record("song.wav"), record("song.flac")
    message = refused("convert", "song.wav", "song.flac", "--model", identity_run, "-o", "out", "--picture")
    assert "which would both become out/song.png" in message


LONG = "x" * 300


@pytest.mark.parametrize(
    "asked, message",
    [
        (["convert", "song.wav", "-o", f"{LONG}.wav"], "its name is longer than the system allows"),
        (["convert", "song.wav", "-o", f"{LONG}/out.wav"], "its name is longer than the system allows"),
        (["convert", f"{LONG}.wav"], "File name too long"),
        (["convert", f"{LONG}*.wav"], "(no match)"),
        (["convert", "song.wav", "-o", "song.wav/out.wav"], "a part of this path is a file; name a folder"),
        (["convert", "song.wav", "-o", "song.wav/out/x.wav"], "a part of this path is a file; name a folder"),
        (["convert", "song.wav/x.wav"], "song.wav/x.wav"),
        (["convert", "song.wav", "--model", LONG], LONG),
        (["convert", "song.wav", "--model", "song.wav/run"], "song.wav/run"),
        (["melgan-vc", "inspect", LONG], LONG),
        (["melgan-vc", "inspect", "song.wav/folder"], "song.wav/folder"),
        (["melgan-vc", "export", LONG, "-o", "out", "--task", "A to B"], LONG),
        (["melgan-vc", "export", "run", "-o", f"out/{LONG}", "--task", "A to B"], LONG),
        (["melgan-vc", "evaluate", "--model", "run", "--source", LONG, "--target", "x", "-o", LONG], LONG),
    ],
    ids=lambda value: " ".join(value).replace(LONG, "LONG") if isinstance(value, list) else "",
)
def test_an_impossible_path_is_one_sentence(refused, record, identity_run, here, asked, message):
    record("song.wav")
    (here / "run").symlink_to(identity_run)
    model = [] if {"--model", "inspect", "export"} & set(asked) else ["--model", "run"]
    assert message in refused(*asked, *model)


def test_a_batch_goes_on_after_what_the_system_refuses(command, record, identity_run, monkeypatch):
    convert = stream.convert_file

    def refusing(source, target, **options):
        if source.name == "b.wav":
            raise PermissionError(13, "Permission denied", "b.wav")
        return convert(source, target, **options)

    monkeypatch.setattr(stream, "convert_file", refusing)
    for name in ("a", "b", "c"):
        record(f"album/{name}.wav")
    result = command("convert", "album", "--model", identity_run)
    assert result.exit_code == 1
    assert sorted(path.name for path in Path("album-converted").iterdir()) == ["a.wav", "c.wav"]
    assert (
        "Error: Could not use b.wav: there is no permission" in result.stderr
        and "1 of 3 files could not be converted." in result.stderr
    )
    assert "2 file(s), 1.0 s of audio" in result.stdout


def test_a_folder_without_permission_is_told_first(refused, record, identity_run, no_model, monkeypatch):
    """Root may write anywhere, so the system's answer is made up."""
    record("song.wav"), Path("locked").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "locked")
    message = refused("convert", "song.wav", "--model", identity_run, "-o", "locked/new/out.wav")
    assert "locked (there is no permission to write there)" in message


@pytest.fixture
def signalled(monkeypatch):
    """``signalled(number)``: this process gets a signal when its next conversion is half-done."""

    def arrange(number):
        convert_sound, left = stream.convert_sound, [number]

        def half_done(*given, **options):
            for block in convert_sound(*given, **options):
                assert list(Path().glob(".*.part")), "it is being written"
                if left:
                    os.kill(os.getpid(), left.pop())
                yield block

        monkeypatch.setattr(stream, "convert_sound", half_done)

    return arrange


@pytest.mark.parametrize("number, code", [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_termination_leaves_nothing_half_written(command, record, identity_run, here, signalled, number, code):
    record("song.wav")
    before = signal.getsignal(number)
    if before is signal.SIG_IGN:
        pytest.skip("the tests run under nohup")
    signalled(number)
    assert command("convert", "song.wav", "--model", identity_run).exit_code == code
    assert [path.name for path in here.iterdir()] == ["song.wav"]
    assert signal.getsignal(number) is before


def test_nohup_is_respected_and_leftovers_are_swept(command, record, identity_run, signalled):
    record("song.wav")
    left = Path(f".{'0a' * 16}.part")
    left.touch()
    os.utime(left, (1, 1))
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        signalled(signal.SIGHUP)
        assert command("convert", "song.wav", "--model", identity_run).exit_code == 0
    finally:
        signal.signal(signal.SIGHUP, before)
    assert soundfile.info("song.converted.wav").frames == 4000
    assert not left.exists(), "of a killed process"


def test_a_reader_that_goes_away_ends_it_quietly(command, record, identity_run, monkeypatch, here):
    for name in ("a", "b"):
        record(f"album/{name}.wav")

    def gone(*given, **options):
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(conversions, "say", gone)
    result = command("convert", "album", "--model", identity_run)
    assert (result.exit_code, result.stderr) == (141, "")
    assert [path.name for path in Path("album-converted").iterdir()] == ["a.wav"], "what was done stays"


def test_leftovers_of_killed_conversions_are_swept(tmp_path, monkeypatch):
    folder, temporary = tmp_path / "out", tmp_path / "temporary"
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    old, young = temporary / "melgan_vc-stream-x1" / "input", temporary / "melgan_vc-stream-x2" / "input"
    dead = [folder / f".{'0a' * 16}.part", folder / ".partial-a1b2c3d4" / "song.png", old]
    others = [folder / name for name in ("song.part", ".hidden", ".0a.part", "song.wav")]
    for path in (*dead, young, *others):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    for path in (old, old.parent):
        os.utime(path, (time.time() - QUIET_SECONDS - 60,) * 2)
    with AudioWriter(folder / "new.wav", rate=8000, channels=1) as being_written:
        being_written.write(np.zeros(10, np.float32))
        (half,) = set(folder.glob(".*.part")) - {*dead, *others}
        sweep([folder, folder, tmp_path / "nowhere"])
        assert sorted(folder.iterdir()) == sorted([half, *others])
    assert sorted(folder.iterdir()) == sorted([folder / "new.wav", *others])
    assert list(temporary.iterdir()) == [young.parent]
