"""What was said and what is said, as content."""

import numpy as np
import pytest

from melgan_vc.losses.content_consistency import content_consistency


def test_it_is_the_mean_absolute_difference_of_content():
    given = np.array([[[1.0, -2.0], [0.0, 0.5]]], np.float32)
    made = np.array([[[1.0, 1.0], [-1.0, 0.5]]], np.float32)
    assert float(content_consistency(given, made)) == pytest.approx((0.0 + 3.0 + 1.0 + 0.0) / 4)
    assert float(content_consistency(given, given)) == 0.0
