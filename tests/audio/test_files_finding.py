"""Finding the sound files of a folder."""

import os

import pytest

from melgan_vc.audio import files


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_sorted_recursive_and_only_audio(tmp_path):
    expected = [touch(tmp_path / name) for name in ("a/2.mp3", "a/b/1.FLAC", "c d/über.MP4", "z.wav")]
    for name in ("notes.txt", "cover.jpg", ".hidden.wav", ".cache/x.wav", "a/wav", "b.wav.part"):
        touch(tmp_path / name)
    os.makedirs(tmp_path / "folder.wav")
    assert files.find_audio(tmp_path) == sorted(expected)
    assert files.find_audio(str(tmp_path / "a")) == sorted(expected[:2])


def test_every_extension_that_is_written_is_found(tmp_path):
    from melgan_vc.audio.formats import OUTPUT_FORMATS

    assert set(OUTPUT_FORMATS) <= set(files.EXTENSIONS)


def test_links_are_followed_and_loops_end(tmp_path):
    outside = touch(tmp_path / "outside" / "song.wav").parent
    folder = tmp_path / "corpus"
    touch(folder / "a" / "own.wav")
    (folder / "linked").symlink_to(outside)
    (folder / "a" / "up").symlink_to(folder)
    (outside / "back").symlink_to(folder)
    (folder / "dangling.wav").symlink_to(tmp_path / "nothing.wav")
    assert files.find_audio(folder) == [folder / "a" / "own.wav", folder / "linked" / "song.wav"]


def test_missing_folder_with_the_nearest_name(tmp_path):
    (tmp_path / "jazz").mkdir()
    with pytest.raises(files.AudioFileError, match="jaz .it does not exist; did you mean 'jazz'?"):
        files.find_audio(tmp_path / "jaz")
    touch(tmp_path / "song.wav")
    with pytest.raises(files.AudioFileError, match="it is no folder"):
        files.find_audio(tmp_path / "song.wav")
    assert files.find_audio(tmp_path / "jazz") == []
