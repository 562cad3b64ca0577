"""Speech put to a melody."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sung import sung

from melgan_vc.audio.pitch import median_pitch

pytest.importorskip("pyworld")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def speech(male_voice):
    return male_voice[: 4 * 16000]


def test_notes_of_a_scale_are_held_where_speech_was_voiced(speech):
    audio, hertz = sung(speech, 16000, 1)
    assert len(audio) > 1.2 * len(speech) and np.abs(audio).max() <= 1.0
    assert abs(len(audio) / 16000 - 0.005 * len(hertz)) < 0.02
    np.testing.assert_allclose(np.std(audio), np.std(speech), rtol=0.05)
    voiced = hertz[hertz > 0]
    steps = 12.0 * np.log2(voiced / median_pitch(speech, 16000))
    assert steps.min() > -9.0 and steps.max() < 11.0, "within a voice's reach"
    held = np.abs(np.diff(np.log2(voiced))) < 2.0 / 1200.0
    assert held.mean() > 0.45, "notes stand still, but for glides and vibrato"
    assert median_pitch(audio, 16000) == pytest.approx(np.median(voiced), rel=0.06)


def test_each_seed_is_a_melody_and_the_same_again(speech):
    audio, hertz = sung(speech, 16000, 1)
    again, _ = sung(speech, 16000, 1)
    np.testing.assert_array_equal(audio, again)
    other = sung(speech, 16000, 2)[1]
    assert len(other) != len(hertz) or not np.allclose(other, hertz)


def test_silence_has_nothing_to_sing():
    audio, hertz = sung(np.zeros(16000, np.float32), 16000, 0)
    assert not audio.any() and not hertz.any()


def test_the_recipe_sings_folders_and_goes_on_where_it_stopped(speech, tmp_path):
    voice = tmp_path / "speech" / "carl"
    voice.mkdir(parents=True)
    soundfile.write(voice / "one.wav", speech, 16000)
    soundfile.write(voice / "short.wav", speech[:8000], 16000)
    recipe = [sys.executable, ROOT / "datasets" / "sung_speech.py", "--speech", tmp_path / "speech"]
    recipe += ["--out", tmp_path / "sung"]
    done = subprocess.run(recipe, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (song,) = (tmp_path / "sung" / "carl").glob("*.flac")
    made = song.stat().st_mtime_ns
    assert "carl: 1 songs" in (tmp_path / "sung" / "REPORT.txt").read_text()
    assert subprocess.run(recipe, capture_output=True).returncode == 0 and song.stat().st_mtime_ns == made
    nothing = subprocess.run([*recipe[:3], tmp_path / "none", *recipe[4:]], capture_output=True, text=True)
    assert nothing.returncode == 2 and "Expected a folder of voices, each a folder of clips" in nothing.stderr
