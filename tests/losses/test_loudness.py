"""A chunk may become louder as a whole and sound in other bands; how it swells stays."""

import numpy as np
import pytest

from melgan_vc.losses.loudness import loudness


def test_a_gain_and_other_bands_cost_nothing(draw):
    given = draw.uniform(-1, 1, (3, 8, 6)).astype(np.float32)
    assert float(loudness(given, given[..., ::-1] - 0.2)) == pytest.approx(0.0, abs=1e-6)


def test_a_swell_that_is_not_in_the_input_costs_its_mean_deviation():
    given = np.zeros((2, 4, 6), np.float32)
    swell = np.float32([-0.3, -0.1, 0.1, 0.3])[None, :, None]
    assert float(loudness(given, given + swell)) == pytest.approx(0.2, abs=1e-6)
