"""Pipes in and out of ``convert``: ``-``, ``<(...)``, ``>(...)``; what comes in once is read once."""

import io
import os
import tempfile
from pathlib import Path

import pytest
import soundfile

from melgan_vc.convert.streams import is_stream, why_not_streamed


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """The current folder, and one for temporary files, which is empty again after each test."""
    monkeypatch.chdir(tmp_path)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    yield tmp_path
    assert list(temporary.iterdir()) == []


@pytest.fixture
def pipe():
    """``pipe(content)``: a path that gives it once, as a shell's ``<(...)`` does; ``pipe()`` one that takes it."""
    ends = []

    def make(content=None):
        reading, writing = os.pipe()
        ends.extend([reading, writing])
        if content is None:
            return f"/dev/fd/{writing}", reading
        os.write(writing, content)
        os.close(ends.pop())
        return f"/dev/fd/{reading}"

    yield make
    for end in ends:
        os.close(end)


@pytest.fixture
def sound(record):
    """Half a second of sound as the bytes of a file."""
    return record("in.flac").read_bytes()


def test_the_format_of_standard_output(command, sound, identity_run):
    result = command("convert", "-", "--model", identity_run, "--format", "flac", stdin=sound)
    assert result.exit_code == 0, result.stderr
    made = soundfile.info(io.BytesIO(result.stdout_bytes))
    assert (made.format, made.frames, made.samplerate) == ("FLAC", 4000, 8000)


def test_a_pipe_is_read_once_and_goes_to_standard_output(command, pipe, sound, identity_run):
    result = command("convert", pipe(sound), "--model", identity_run)
    assert result.exit_code == 0, result.stderr
    assert soundfile.info(io.BytesIO(result.stdout_bytes)).frames == 4000
    assert " -> standard output" in result.stderr


def test_a_file_to_standard_output(command, sound, identity_run, place):
    result = command("convert", "in.flac", "--model", identity_run, "-o", "-")
    assert result.exit_code == 0 and "in.flac -> standard output" in result.stderr
    assert soundfile.info(io.BytesIO(result.stdout_bytes)).format == "WAV"
    assert not (place / "-").exists()


def test_a_file_to_a_pipe(command, pipe, sound, identity_run):
    place, reading = pipe()
    result = command("convert", "in.flac", "--model", identity_run, "-o", place)
    assert result.exit_code == 0, result.stderr
    assert soundfile.info(io.BytesIO(os.read(reading, 2**16))).frames == 4000


def test_standard_input_with_a_picture(command, sound, identity_run, place):
    result = command("convert", "-", "--model", identity_run, "-o", "out.flac", "--picture", stdin=sound)
    assert result.exit_code == 0, result.stderr
    assert soundfile.info("out.flac").frames == 4000
    assert (place / "out.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["-", "--format", "mp33"], "received: output.mp33; did you mean '.mp3'?"),
        (["-", "--picture"], "Expected --output FILE with --picture, which is drawn beside it, received: stand"),
        (
            ["in.flac", "-o", "-", "--picture"],
            "Expected --output FILE with --picture, which is drawn beside it, received: stand",
        ),
        (["-", "-o", "out.wav", "--format", "flac"], "Expected --output to end in .flac, as --format asks"),
        (["in.flac", "-o", "out.wav", "--format", "flac"], "Expected --output to end in .flac, as --format asks"),
        (["-", "-o", "folder"], "received: folder"),
        (["-", "-o", "in.flac"], "received: in.flac (it exists already"),
        (["in.flac", "in.flac", "-o", "-"], "Expected one audio file for standard output, received: 2 of them"),
        (["folder", "-o", "-"], "Expected one audio file for standard output, received: folder (it is a folder)"),
        (["-", "-"], "Expected - alone"),
        (["/dev/zero"], "Expected an audio file, received: /dev/zero (it is a device)"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_refused_before_anything_is_read(refused, sound, identity_run, place, arguments, message):
    (place / "folder").mkdir()
    before = sorted(place.rglob("*"))
    assert message in refused("convert", *arguments, "--model", identity_run, stdin=b"never read")
    assert sorted(place.rglob("*")) == before


def test_errors_name_what_was_given(refused, pipe, identity_run):
    assert "received: standard input (its content" in refused("convert", "-", "--model", identity_run, stdin=b"words")
    assert "received: standard input (it is empty)" in refused("convert", "-", "--model", identity_run, stdin=b"")
    given = pipe(b"words")
    assert f"received: {given} (its content" in refused("convert", given, "--model", identity_run)


def test_a_terminal_or_nothing_is_no_sound(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    assert "received: a terminal" in why_not_streamed(Path("-"), Path("out.wav"))
    monkeypatch.setattr("sys.stdout", Terminal())
    assert "received: a terminal" in why_not_streamed(Path("in.wav"), Path("-"))
    monkeypatch.setattr("sys.stdin", None)
    monkeypatch.setattr("sys.stdout", None)
    assert "received: none, it is closed" in why_not_streamed(Path("-"), Path("out.wav"))
    assert "received: none, it is closed" in why_not_streamed(Path("in.wav"), Path("-"))
    assert why_not_streamed(Path("in.wav"), Path("out.wav")) is None


def test_what_is_a_stream(place):
    os.mkfifo("pipe.wav")
    (place / "-x.wav").touch()
    assert all(map(is_stream, ("-", "/dev/stdin", "/dev/stdout", "/dev/null", "pipe.wav")))
    assert not any(map(is_stream, ("in.wav", "-x.wav", "./-", "/dev", "/dev/shm", ".")))
