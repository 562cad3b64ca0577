"""Clips come to a metric at its rate and at one level, or not at all."""

import numpy as np
import pytest

from melgan_vc.features.waveforms import comparable


def test_rate_and_level_are_those_that_were_asked_for(draw):
    quiet_stereo_rate = (0.01 * draw.standard_normal(44100)).astype(np.float32)

    wave = comparable(quiet_stereo_rate, 44100, 16000)

    assert len(wave) == 16000
    assert 20.0 * np.log10(wave.std()) == pytest.approx(-20.0, abs=0.5 + 4.4)  # noise loses 4.4 dB above 8 kHz


def test_amplitude_does_not_matter(draw):
    wave = (0.1 * draw.standard_normal(32000)).astype(np.float32)

    np.testing.assert_allclose(comparable(wave / 8.0, 16000, 22050), comparable(wave, 16000, 22050), atol=1e-6)


@pytest.mark.parametrize(
    "wave",
    [np.zeros(32000), np.zeros(0), np.full(8000, 0.5), np.full(32000, np.nan)],
    ids=["silent", "empty", "short", "not a number"],
)
def test_what_cannot_be_judged_is_refused(wave):
    assert comparable(wave.astype(np.float32), 16000, 22050) is None
