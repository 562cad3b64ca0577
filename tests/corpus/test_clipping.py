"""How much of a recording was cut off."""

import numpy as np
import pytest

from melgan_vc.corpus.clipping import ClippingMeter


def share(wave, *, cuts=()):
    meter = ClippingMeter()
    for block in np.split(wave, cuts):
        meter.update(block)
    return meter.share


def test_runs_at_full_scale_count_and_single_peaks_do_not():
    wave = np.zeros((1000, 1), np.float32)
    wave[100] = 1.0
    wave[200:202] = -1.0
    assert share(wave) == 0.0
    wave[300:310] = 1.0
    wave[400:403] = -1.0
    assert share(wave) == pytest.approx(13 / 1000)


def test_channels_are_counted_apart():
    wave = np.zeros((100, 2), np.float32)
    wave[10:20, 1] = 1.0
    assert share(wave) == pytest.approx(10 / 200)


def test_result_does_not_depend_on_blocks():
    wave = np.clip(np.random.default_rng(0).normal(0, 2, (5000, 2)), -1, 1).astype(np.float32)
    assert share(wave) > 0.1
    assert share(wave, cuts=[1, 2, 3, 5, 8, 13, 100, 101, 4999]) == share(wave)
