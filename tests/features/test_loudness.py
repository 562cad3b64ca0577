"""Loudness as a feature: decibels below full scale."""

import numpy as np
import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.features.registry import features_of

HOP = 256


@pytest.fixture(scope="module")
def loudness():
    return features_of(["loudness"], MelConfig())[0]


@pytest.mark.parametrize("decibels", [0.0, -6.0, -20.0, -48.0, -79.0])
def test_it_is_decibels_in_units_of_80(loudness, decibels):
    sine = np.sqrt(2.0) * np.sin(2 * np.pi * 500.0 * np.arange(8000) / 16000)  # eight periods a hop; RMS 1
    found = loudness.of(10 ** (decibels / 20) * sine)
    np.testing.assert_allclose(found[2:-2], 1.0 + decibels / 80.0, atol=1e-5)


@pytest.mark.parametrize(("amplitude", "expected"), [(0.0, 0.0), (1e-5, 0.0), (1.0, 1.0), (4.0, 1.0)])
def test_it_stays_between_silence_and_full_scale(loudness, amplitude, expected):
    np.testing.assert_allclose(loudness.of(np.full(4000, amplitude))[2:-2], expected, atol=1e-6)


def test_a_frame_has_the_hop_around_its_centre(loudness):
    wave = np.zeros(8000)
    wave[10 * HOP - HOP // 2 : 10 * HOP + HOP // 2] = 0.1
    found = loudness.of(wave)[:, 0]
    assert np.flatnonzero(found).tolist() == [10] and found[10] == pytest.approx(0.75, abs=1e-6)


def test_a_change_at_a_centre_shows_half_in_its_frame(loudness):
    wave = np.where(np.arange(8000) < 10 * HOP, 0.0, 0.1)
    found = loudness.of(wave)[:, 0]
    assert found[9] == 0.0 and found[11] == pytest.approx(0.75, abs=1e-6)
    assert found[10] == pytest.approx(0.75 + np.log10(0.5) / 8.0, abs=1e-6)
