"""Levels of frames may move a little, and sound may move between bands."""

import numpy as np
import pytest

from melgan_vc.losses.norm_consistency import TOLERANCE, norm_consistency

NEPERS = 5.0  # so 1 of a log-mel is 5 nepers


def test_levels_within_the_tolerance_cost_nothing(random_mel):
    mel = random_mel(2, 6, 8)
    assert float(norm_consistency(mel, mel, nepers=NEPERS)) == 0.0
    assert float(norm_consistency(mel, mel + 0.99 * TOLERANCE / NEPERS, nepers=NEPERS)) < 1e-6


def test_beyond_it_the_cost_is_the_square_of_what_is_too_much(random_mel):
    mel = random_mel(2, 6, 8)
    for moved in (0.4, -0.4):  # 2 nepers
        cost = float(norm_consistency(mel, mel + np.float32(moved), nepers=NEPERS))
        assert cost == pytest.approx((2.0 - TOLERANCE) ** 2, rel=1e-3)


def test_sound_may_move_between_bands(random_mel):
    mel = random_mel(2, 6, 8)
    assert float(norm_consistency(mel, mel[:, :, ::-1], nepers=NEPERS)) == pytest.approx(0.0, abs=1e-6)


def test_a_pause_that_is_filled_costs(random_mel):
    mel = random_mel(1, 10, 8)
    pause = mel.copy()
    pause[:, 4:7] = -1.0
    assert float(norm_consistency(pause, mel, nepers=NEPERS)) > 1.0
