"""How much louder a conversion is, and whether it was cut off."""

import numpy as np
import pytest

from melgan_vc.evaluate.metrics.level import Level
from melgan_vc.evaluate.metrics.metric import Clip

TONE = (0.2 * np.sin(np.arange(16_000) / 7.0)).astype(np.float32)


def measured(converted):
    return Level().measure(Clip("clip", TONE, converted, 16_000))


def test_twice_as_large_is_six_decibels_and_a_pause_counts_not():
    assert measured(2.0 * TONE) == {"level_change": pytest.approx(6.02, abs=0.01), "at_full_scale": 0.0}
    paused = np.where(np.arange(16_000) < 8_000, 0.0, TONE).astype(np.float32)
    assert measured(paused)["level_change"] == pytest.approx(0.0, abs=0.1)


def test_samples_that_were_cut_off_are_counted():
    cut = np.clip(10.0 * TONE, -1.0, 1.0)
    assert measured(cut)["at_full_scale"] == pytest.approx(np.mean(np.abs(10.0 * TONE) >= 1.0), abs=1e-3)


def test_silence_has_no_level():
    assert all(np.isnan(value) for value in measured(np.zeros_like(TONE)).values())
