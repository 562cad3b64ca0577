"""Peaks beyond full scale are turned down; what has none is not touched."""

import numpy as np
import pytest
import scipy.signal

from melgan_vc.audio.limiter import CEILING, limited

RATE = 8000


def through(wave, block=5000):
    blocks = (wave[start : start + block] for start in range(0, len(wave), block))
    return np.concatenate([*limited(blocks, RATE, samples=len(wave), channels=wave.shape[1])])


def true_peak(wave):
    return np.abs(scipy.signal.resample_poly(wave, 4, 1, axis=0)).max()


def decibels(wave):
    return 10 * np.log10(np.mean(np.square(wave)))


@pytest.fixture
def music(draw):
    """Noise with a peak of twice full scale here and there, ``(samples, 2)``."""
    wave = 0.15 * draw.standard_normal((5 * RATE, 2)).astype(np.float32)
    wave[4000::8000] = 2.0
    return wave


def test_what_stays_below_full_scale_is_not_touched(draw):
    wave = np.clip(0.3 * draw.standard_normal((20_001, 2)), -0.6, 0.6).astype(np.float32)
    np.testing.assert_array_equal(through(wave), wave)


def test_no_true_peak_is_beyond_the_ceiling(music):
    assert true_peak(music) > 1.9
    assert true_peak(through(music)) <= CEILING + 2e-3
    assert np.abs(through(music)).max() <= CEILING


def test_it_is_as_loud_as_before(draw):
    wave = 0.25 * draw.standard_normal((5 * RATE, 1)).astype(np.float32)
    assert np.count_nonzero(np.abs(wave) > 1) > 1
    assert decibels(through(wave)) == pytest.approx(decibels(wave), abs=0.2)


def test_channels_are_turned_down_together(music):
    music[:, 1] = 0.25 * music[:, 0]
    found = through(music)
    np.testing.assert_allclose(found[:, 1], 0.25 * found[:, 0], atol=1e-6)


def test_far_from_a_peak_nothing_changes_but_the_level(draw):
    wave = np.full((3 * RATE, 1), 0.4, np.float32)
    wave[RATE] = 3.0
    found = through(wave)
    np.testing.assert_array_equal(found[2 * RATE + 8000 :], wave[2 * RATE + 8000 :])


@pytest.mark.parametrize("block", [1, 977, 40_000])
def test_blocks_leave_no_trace(music, block):
    short = music[:9000]
    np.testing.assert_allclose(through(short, block), through(short), atol=1e-6)
