"""PESQ hears noise and bandwidth, and neither level nor a constant delay."""

import numpy as np
import pytest
import soxr

pytest.importorskip("pesq")

from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.evaluate.metrics.perceptual_quality import PerceptualQuality


def quality(source, made, rate=16000):
    return PerceptualQuality().measure(Clip("clip", source, made, rate))["pesq_wb"]


def test_the_recording_itself_has_the_best_score_at_any_level(held_out_male):
    assert quality(held_out_male, held_out_male) == pytest.approx(4.64, abs=0.01)
    assert quality(held_out_male, 0.1 * held_out_male) == pytest.approx(4.64, abs=0.05)


def test_more_noise_is_worse(held_out_male, draw):
    noise = draw.standard_normal(len(held_out_male)).astype(np.float32)
    little, much = (quality(held_out_male, held_out_male + np.float32(loud) * noise) for loud in (0.001, 0.01))
    assert 4.5 > little > much + 0.5 > 1.5


def test_another_rate_is_resampled(held_out_male, draw):
    noisy = (held_out_male + 0.003 * draw.standard_normal(len(held_out_male))).astype(np.float32)
    at_22050 = [soxr.resample(wave, 16000, 22050) for wave in (held_out_male, noisy)]
    assert quality(*at_22050, rate=22050) == pytest.approx(quality(held_out_male, noisy), abs=0.2)


def test_nothing_is_known_of_silence_or_of_what_is_too_short_or_broken(held_out_male):
    silence = np.zeros_like(held_out_male)
    for source, made in [
        (silence, held_out_male),
        (held_out_male, silence),
        (silence, silence),
        (held_out_male, silence + np.float32(1e-40)),
        (held_out_male[:3000], held_out_male[:3000]),
        (held_out_male, held_out_male[:0]),
        (held_out_male, np.full_like(held_out_male, np.nan)),
    ]:
        assert np.isnan(quality(source, made))
