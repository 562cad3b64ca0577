"""A gain in each band is free; what varies in time is not."""

import numpy as np
import pytest

from melgan_vc.losses.self_regularization import self_regularization


def test_a_constant_gain_in_each_band_costs_nothing(draw):
    given = draw.uniform(-1, 1, (3, 8, 5)).astype(np.float32)
    gains = draw.uniform(-0.5, 0.5, (3, 1, 5)).astype(np.float32)
    assert float(self_regularization(given, given + gains)) == pytest.approx(0.0, abs=1e-6)


def test_a_change_that_alternates_in_time_costs_its_size():
    given = np.zeros((2, 8, 5), np.float32)
    alternating = 0.3 * np.tile([1.0, -1.0], 4).astype(np.float32)[None, :, None]
    assert float(self_regularization(given, given + alternating)) == pytest.approx(0.3, abs=1e-6)
