"""Pitch of synthetic voices whose melody we chose."""

import numpy as np
import pytest

from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.evaluate.metrics.pitch import Pitch, log_correlation

pytest.importorskip("librosa")


@pytest.fixture(scope="module")
def melody():
    """Two seconds around 200 Hz, up and down by a fifth in all."""
    return 200.0 * 1.5 ** (0.5 * np.sin(2 * np.pi * 1.5 * np.arange(32000) / 16000))


def measure(source, converted, rate=16000):
    figures = Pitch().measure(Clip("clip", source, converted, rate))
    return figures["f0_correlation"], figures["f0_ratio"]


def test_a_melody_moved_down_correlates_and_shows_its_ratio(melody, sing):
    correlation, ratio = measure(sing(melody), sing(0.6 * melody))
    assert correlation > 0.98
    assert ratio == pytest.approx(0.6, rel=0.02)


def test_a_melody_upside_down_anticorrelates(melody, sing):
    correlation, _ = measure(sing(melody), sing(200.0**2 / melody))
    assert correlation < -0.95


def test_a_monotone_has_a_ratio_but_no_correlation(melody, sing):
    assert np.isnan(log_correlation(np.linspace(100, 200, 50), np.full(50, 150.0)))
    _, ratio = measure(sing(melody), sing(np.full(32000, 100.0)))
    assert ratio == pytest.approx(0.5, rel=0.05)


def test_a_clip_of_another_length_is_not_compared_frame_by_frame(melody, sing):
    correlation, ratio = measure(sing(melody), sing(melody[:20000]))
    assert np.isnan(correlation) and np.isfinite(ratio)


def test_a_song_an_octave_lower_is_in_tune_and_a_quarter_tone_off_is_not(melody, sing):
    song = sing(np.repeat([220.0, 247.0, 262.0, 330.0], 8000))
    lower = Pitch().measure(Clip("clip", song, sing(0.5 * np.repeat([220.0, 247.0, 262.0, 330.0], 8000)), 16000))
    assert lower["tuning_cents"] < 15.0 and lower["voicing_errors"] < 0.05
    off = 2.0 ** (-12.5 / 12.0) * np.repeat([220.0, 247.0, 262.0, 330.0], 8000)
    assert 35.0 < Pitch().measure(Clip("clip", song, sing(off), 16000))["tuning_cents"] <= 50.0


def test_frames_that_lose_their_voice_are_counted(melody, sing, draw):
    song = sing(melody)
    half = song.copy()
    half[16000:] = 0.05 * draw.standard_normal(16000)
    figures = Pitch().measure(Clip("clip", song, half, 16000))
    assert figures["voicing_errors"] == pytest.approx(0.5, abs=0.06)


def test_noise_has_no_pitch(melody, sing, draw):
    noise = 0.1 * draw.standard_normal(32000).astype(np.float32)
    assert np.isnan(measure(sing(melody), noise)).all()
