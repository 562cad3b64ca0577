"""What is promised of every model in this repository; there may be none."""

import re
from pathlib import Path

import numpy as np
import pytest

from melgan_vc.audio.files import read
from melgan_vc.audio.mel import log_mel
from melgan_vc.evaluate.metrics.log_spectral_distance import LogSpectralDistance
from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.export.card import SECTIONS
from melgan_vc.methods.loading import load_conversion
from melgan_vc.pretrained.catalogue import describe, model_names, shipped_folder, vocoder_names
from melgan_vc.pretrained.vocoders import choose_vocoder, load_vocoder
from melgan_vc.vocoders.griffin_lim import GriffinLim

DEMO = Path(__file__).parents[2] / "datasets" / "demo" / "held_out"
FILES = {"config.json", "weights.weights.h5", "README.md", "model.json", "evaluation.json"}


@pytest.mark.parametrize("name", model_names() + vocoder_names())
def test_everything_shipped_is_whole_small_and_described(name):
    folder = shipped_folder() / name
    assert {path.name for path in folder.iterdir()} == FILES
    model = describe(folder)
    assert model.task and model.size <= 8_000_000
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"\n## {heading}\n" in card for heading in SECTIONS) and "To fill in" not in card
    for file in FILES - {"weights.weights.h5"}:
        text = (folder / file).read_text(encoding="utf-8")
        assert not re.search(r"(^|[\s\"'(`])/(home|root|tmp|mnt|Users|work)/", text), f"a path of a machine in {file}"


@pytest.mark.parametrize("name", model_names())
def test_a_shipped_model_converts(name, random_mel, draw):
    folder = shipped_folder() / name
    model = describe(folder)
    mel = random_mel(1, 64, model.config.mel.n_mels)
    conversion = load_conversion(folder, to=model.config.method.directions[0])
    heard = draw.standard_normal((1, 64, conversion.columns - mel.shape[-1])).astype(np.float32)
    converted = conversion(np.concatenate([mel, heard], axis=-1))
    assert converted.shape == mel.shape and np.isfinite(converted).all() and np.abs(converted - mel).max() > 0.05


@pytest.mark.parametrize("name", model_names())
def test_a_model_finds_a_vocoder_that_ships(name):
    mel = describe(shipped_folder() / name).config.mel
    assert choose_vocoder("auto", mel).name in vocoder_names()


@pytest.mark.parametrize("name", vocoder_names())
def test_a_shipped_vocoder_is_nearer_to_the_recording_than_griffin_lim(name):
    """A held-out clip of the demo corpus, by the log spectral distance at windows that neither was made with."""
    vocoder = load_vocoder(shipped_folder() / name)
    clip = {"vocoder_voice": "male_ru/ru_0100.ogg", "vocoder_music": "jazz/unseen_corner-trio-176bpm-up2.ogg"}[name]
    wave, rate = read(DEMO / clip, rate=vocoder.config.rate, mono=True)
    wave = wave[: 8 * rate]
    mel = log_mel(wave, vocoder.config)
    distances = [
        LogSpectralDistance().measure(Clip(clip, wave, made.invert(mel)[: len(wave)], rate))["lsd_db"]
        for made in (vocoder, GriffinLim(vocoder.config, iterations=64))
    ]
    assert distances[0] < distances[1]
