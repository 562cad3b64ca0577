"""Another instrument may play the same rhythm, and no instrument another one."""

import numpy as np
import pytest

from melgan_vc.losses.onsets import onsets


def beats(*frames, level=0.9, bands=slice(None)):
    mel = np.full((1, 16, 12), -1.0, np.float32)
    for frame in frames:
        mel[:, frame, bands] += level
    return mel


def test_what_lasts_longer_or_rings_off_otherwise_costs_nothing():
    ringing = np.maximum(beats(4), beats(5, level=0.6))
    assert float(onsets(beats(4), ringing)) == pytest.approx(0.0, abs=1e-6)


def test_another_band_of_the_same_group_costs_nothing():
    assert float(onsets(beats(4, bands=[0]), beats(4, bands=[1]))) == pytest.approx(0.0, abs=1e-6)


def test_a_beat_that_comes_late_costs_both_what_is_missed_and_what_is_new():
    assert float(onsets(beats(4), beats(6))) == pytest.approx(2 * 0.9 / 15, rel=1e-5)


def test_a_drum_is_no_cymbal():
    assert float(onsets(beats(4, bands=[0, 1]), beats(4, bands=[10, 11]))) > 0.01
