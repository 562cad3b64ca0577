"""Style reconstruction and diversity: mean absolute differences, one to be small and one to be large."""

import numpy as np
import pytest

from melgan_vc.losses.style import diversity, style_reconstruction


def test_style_reconstruction_is_the_mean_absolute_error():
    asked, found = np.array([[1.0, -1.0], [0.0, 2.0]]), np.array([[1.0, 0.0], [0.5, 0.0]])
    assert float(style_reconstruction(asked, found)) == pytest.approx(3.5 / 4)
    assert float(style_reconstruction(asked, asked)) == 0.0


def test_diversity_rewards_translations_that_differ(random_mel):
    one, other = random_mel(2, 4, 3), random_mel(2, 4, 3)
    assert float(diversity(one, one)) == 0.0
    assert float(diversity(one, other)) == pytest.approx(-np.abs(one - other).mean(), rel=1e-5)
