"""Which file becomes which."""

from pathlib import Path

import pytest

from melgan_vc.convert.batch import plan
from melgan_vc.errors import MelganVcError


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An album of audio files (empty: a plan does not open them) in the current folder."""
    for name in ("album/one.wav", "album/disc 2/two.mp3", "album/disc 2/notes.txt", "album/clip.mkv", "song.flac"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def becomes(*inputs, output=None, extension=None):
    jobs = plan(list(inputs), output and Path(output), extension=extension)
    return {str(job.source): str(job.target) for job in jobs}


def test_a_file(here):
    assert becomes("song.flac") == {"song.flac": "song.converted.flac"}
    assert becomes("song.flac", extension=".mp3") == {"song.flac": "song.converted.mp3"}
    assert becomes("song.flac", output="other.ogg") == {"song.flac": "other.ogg"}
    for folder in ("results", "results.v2", "2024.05"):
        assert becomes("song.flac", output=folder) == {"song.flac": f"{folder}/song.flac"}
    assert becomes("song.flac", output="album") == {"song.flac": "album/song.flac"}


def test_what_cannot_be_written_becomes_wav(here):
    assert becomes("album/clip.mkv") == {"album/clip.mkv": "album/clip.converted.wav"}


@pytest.mark.parametrize("given", ["album", "album/", "./album"])
def test_a_folder_is_mirrored(here, given):
    assert becomes(given) == {
        "album/clip.mkv": "album-converted/clip.wav",
        "album/disc 2/two.mp3": "album-converted/disc 2/two.mp3",
        "album/one.wav": "album-converted/one.wav",
    }


def test_the_current_folder(here, monkeypatch):
    monkeypatch.chdir(here / "album")
    with_dot = becomes(".", output="../out", extension=".ogg")
    assert with_dot == {
        "clip.mkv": "../out/clip.ogg",
        "disc 2/two.mp3": "../out/disc 2/two.ogg",
        "one.wav": "../out/one.ogg",
    }


def test_results_inside_the_folder_are_not_converted_again(here):
    first = becomes("album", output="album/results")
    for target in first.values():
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).touch()
    assert becomes("album", output="album/results") == first


def test_a_glob(here):
    assert becomes("album/*.wav") == {"album/one.wav": "album/one.converted.wav"}
    assert set(becomes("album/**/*.mp3")) == {"album/disc 2/two.mp3"}
    assert becomes("album/*.wav", "song.flac", output="out") == {
        "album/one.wav": "out/one.wav",
        "song.flac": "out/song.flac",
    }


def test_a_file_whose_name_looks_like_a_glob(here):
    Path("song [live].wav").touch()
    assert becomes("song [live].wav") == {"song [live].wav": "song [live].converted.wav"}


def test_streams(here):
    assert becomes("-") == becomes("-", output="-") == {"-": "-"}
    assert becomes("-", output="out.mp3") == {"-": "out.mp3"}
    assert becomes("song.flac", output="-", extension=".ogg") == {"song.flac": "-"}
    assert becomes("album/*.wav", output="/dev/stdout") == {"album/one.wav": "/dev/stdout"}


def test_a_file_that_is_called_as_standard_input_is(here):
    Path("-").touch()
    for given in ("./-", "[-]"):
        assert becomes(given, output="out.wav") == {str(here / "-"): "out.wav"}


@pytest.mark.parametrize("pattern", ["*.opus", "none/*.wav"])
def test_a_glob_without_a_match(here, pattern):
    with pytest.raises(MelganVcError, match="no match"):
        plan([pattern], None)


def test_a_folder_without_audio(here):
    Path("empty").mkdir()
    with pytest.raises(MelganVcError, match=r"received: empty \(none found"):
        plan(["empty"], None)


@pytest.mark.parametrize(
    "inputs, output, extension",
    [
        (["album/one.wav", "other/one.wav"], "out", None),
        (["song.flac", "song.wav"], None, ".mp3"),
        (["song.flac", "song.flac"], None, None),
        (["album", "album/one.wav"], "out", None),
    ],
)
def test_two_files_never_become_one(here, inputs, output, extension):
    with pytest.raises(MelganVcError, match="which would both become .*different folders"):
        plan(inputs, output and Path(output), extension=extension)
