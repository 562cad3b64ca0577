"""Log-spectral distance of sounds whose spectra differ by a known number of decibels."""

import numpy as np
import pytest

from melgan_vc.evaluate.metrics.log_spectral_distance import LogSpectralDistance
from melgan_vc.evaluate.metrics.metric import Clip


def distance(source, made, rate=16000):
    return LogSpectralDistance().measure(Clip("clip", source, made, rate))["lsd_db"]


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
def test_half_as_loud_is_6_db(draw, rate):
    noise = draw.standard_normal(rate)
    assert distance(noise, 0.5 * noise, rate) == pytest.approx(20 * np.log10(2.0), abs=0.01)
    assert distance(noise, noise, rate) == 0.0


def test_a_sign_makes_no_difference_and_what_is_longer_is_cut(held_out_male):
    assert distance(held_out_male, -np.concatenate([held_out_male, held_out_male])) == pytest.approx(0.0, abs=1e-9)


def test_more_noise_is_worse(held_out_male, draw):
    noise = draw.standard_normal(len(held_out_male))
    silent, little, much = (distance(held_out_male, held_out_male + loud * noise) for loud in (1e-6, 0.003, 0.03))
    assert silent < 0.1 < 3.0 < little < 0.7 * much, "noise at -120 dB is below the floor"


def test_nothing_is_known_of_a_clip_shorter_than_a_window_or_broken(draw):
    noise = draw.standard_normal(16000)
    assert np.isnan(distance(noise[:700], noise[:700]))
    assert np.isnan(distance(noise, noise[:700]))
    assert np.isnan(distance(noise, np.where(np.arange(16000) == 9, np.nan, noise)))
