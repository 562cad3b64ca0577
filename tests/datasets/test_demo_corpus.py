"""The corpus that ships with the repository: what the README promises of it."""

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from make_demo import MOST_BYTES

DEMO = Path(__file__).parents[2] / "datasets" / "demo"

RATES = {"female_ru": 16000, "male_ru": 16000, "jazz": 22050, "classical": 22050}


def clips(folder: str) -> list[Path]:
    return sorted((DEMO / folder).glob("*.ogg"))


def test_the_whole_corpus_is_small():
    size = sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file())
    assert 1_000_000 < size < MOST_BYTES == 6_000_000


@pytest.mark.parametrize("folder", RATES)
def test_each_folder_holds_two_minutes_in_several_clips(folder):
    durations = [sf.info(path).duration for path in clips(folder)]
    assert len(durations) >= 4
    assert 120 <= sum(durations) < 180
    assert 2 <= min(durations) <= max(durations) <= 30


@pytest.mark.parametrize("folder", RATES)
def test_each_class_has_a_clip_that_is_not_trained_on(folder):
    held_out = {path.stem for path in clips(f"held_out/{folder}")}
    assert 1 <= len(held_out) <= 2
    assert not held_out & {path.stem for path in clips(folder)}


@pytest.mark.parametrize("folder", [*RATES, *(f"held_out/{folder}" for folder in RATES)])
def test_clips_are_audible_mono_and_do_not_clip(folder):
    for path in clips(folder):
        audio, rate = sf.read(path)
        assert audio.ndim == 1, path.name
        assert rate == RATES[folder.split("/")[-1]], path.name
        assert np.max(np.abs(audio)) < 1.0, path.name
        assert -30 < 20 * np.log10(np.std(audio)) < -12, path.name


@pytest.mark.parametrize("folder", ["female_ru", "male_ru"])
def test_neither_voice_can_be_told_by_the_band_above_7_khz(folder):
    audio = np.concatenate([sf.read(path)[0] for path in clips(folder)])
    frames = audio[: len(audio) // 1024 * 1024].reshape(-1, 1024) * np.hanning(1024)
    power = np.mean(np.abs(np.fft.rfft(frames)) ** 2, axis=0)
    frequencies = np.fft.rfftfreq(1024, 1 / 16000)
    assert power[frequencies > 7200].mean() < 1e-5 * power[frequencies < 4000].mean()


def test_the_attribution_names_every_author_and_licence():
    text = (DEMO / "ATTRIBUTION.md").read_text(encoding="utf-8")
    for words in (
        "Maxim Topal",
        "CC-BY-3.0",
        "Nickolay V. Shmyrev",
        "The code must retain the above copyright notice",
        "S. Christian Collins",
        "Frank Wen",
        "Licence: MIT",
        "rendered, not recorded",
    ):
        assert words in text
    assert "$" not in text, "every placeholder is filled in"
    composers = {path.stem.split("-")[0].title() for path in [*clips("classical"), *clips("held_out/classical")]}
    assert all(f"- {composer}, " in text for composer in composers)
