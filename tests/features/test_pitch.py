"""Pitch as a feature: where the voice is, and how high."""

import numpy as np
import pytest

from melgan_vc.audio.pitch import median_pitch
from melgan_vc.config.mel import MelConfig
from melgan_vc.features.pitch import Pitch
from melgan_vc.methods.presets import preset


def hertz_of(found):
    return 60.0 * 2.0 ** found[:, 0]


@pytest.mark.parametrize("name", ["voice", "music", "debug"])
@pytest.mark.parametrize("hertz", [70.0, 123.0, 220.0, 450.0])
def test_a_buzz_is_as_high_as_it_is(name, hertz):
    mel = preset(name).mel
    time = np.arange(mel.rate) / mel.rate
    wave = 0.1 * sum(np.sin(2 * np.pi * hertz * k * time) / k for k in range(1, 6))
    found = Pitch(mel).of(wave)[5:-5]
    assert np.all(found[:, 1] == 1.0)
    np.testing.assert_allclose(hertz_of(found), hertz, rtol=0.01)


def test_it_follows_a_glide_without_delay():
    time = np.arange(32_000) / 16_000
    wave = 0.1 * sum(np.sin(2 * np.pi * k * (100 * time + 50 * time**2)) / k for k in range(1, 9))
    found = hertz_of(Pitch(MelConfig()).of(wave))[8:-8]
    expected = 100 + 100 * np.arange(126)[8:-8] * 256 / 16_000
    np.testing.assert_allclose(found, expected, rtol=0.02)


def test_noise_and_silence_have_none():
    noise = 0.1 * np.random.default_rng(0).standard_normal(16_000)
    found = Pitch(MelConfig()).of(np.concatenate([noise, np.zeros(16_000)]))
    assert found[:63, 1].mean() < 0.1 and not found[70:].any()
    assert not found[found[:, 1] == 0.0].any()


def test_speech_has_the_median_that_conversion_measures(female_voice):
    found = Pitch(MelConfig()).of(female_voice)
    voiced = found[found[:, 1] == 1.0]
    assert 0.2 < len(voiced) / len(found) < 0.9
    assert np.median(hertz_of(voiced)) == pytest.approx(median_pitch(female_voice, 16_000), rel=0.03)
