"""Folders of several voices: what is held out, and who is in a folder of voices never trained on."""

import re

import numpy as np
import pytest
import soundfile

from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.many_voices.speakers import trained_speakers, unseen_speakers

RATE = 8000


@pytest.fixture
def record(tmp_path):
    def write(*names, seconds=3.0):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            noise = np.random.default_rng(len(name)).standard_normal(int(seconds * RATE))
            soundfile.write(path, 0.1 * noise, RATE)
        return tmp_path

    return write


def test_examples_are_not_what_is_held_out(record):
    root = record(*(f"{name}/{n}.wav" for name in ("anna", "boris") for n in range(6)))
    found = trained_speakers(
        {name: root / name for name in ("boris", "anna")}, rate=RATE, share=0.3, seconds=2.5, clips=2, shown=9
    )
    assert [voice.name for voice in found] == ["boris", "anna"]
    for voice in found:
        assert 1 <= len(voice.clips) <= 2 and 1 <= len(voice.examples) <= 5
        assert all(len(clip.wave) == 2.5 * RATE for clip in voice.clips)


def test_a_folder_without_held_out_files_says_what_to_do(record):
    root = record("anna/a.wav", "anna/b.wav")
    with pytest.raises(MelganVcError, match=r"Training holds out files if there are five or more") as error:
        trained_speakers({"anna": root / "anna"}, rate=RATE, share=0.0, seconds=3.0, clips=1, shown=1)
    assert "--test-source" not in str(error.value)


def test_a_speaker_in_each_subfolder(record):
    root = record("p1/a.wav", "p1/deep/b.wav", "p2/a.wav")
    found = unseen_speakers(root, rate=RATE, seconds=3.0, count=9)
    assert {voice.name: len(voice.clips) for voice in found} == {"p1": 2, "p2": 1}
    assert all(len(voice.examples) == len(voice.clips) for voice in found)


def test_files_in_the_folder_itself_are_one_speaker(record):
    root = record("carla/a.wav", "carla/more/b.wav")
    (found,) = unseen_speakers(root / "carla", rate=RATE, seconds=3.0, count=9)
    assert found.name == "carla" and len(found.clips) == 2


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(MelganVcError, match=re.escape("(it does not exist")):
        unseen_speakers(tmp_path / "none", rate=RATE, seconds=3.0, count=1)
    with pytest.raises(MelganVcError, match="none found in it"):
        unseen_speakers(tmp_path, rate=RATE, seconds=3.0, count=1)
