"""Wasserstein losses: differences of mean scores."""

import numpy as np
import pytest

from melgan_vc.losses.wasserstein import wasserstein_critic, wasserstein_generator


def test_critic_wants_real_scores_above_fake_ones():
    assert float(wasserstein_critic(np.array([3.0, 1.0]), np.array([0.5, -0.5]))) == pytest.approx(-2.0)


def test_generator_wants_its_scores_high():
    assert float(wasserstein_generator(np.array([0.5, 2.5]))) == pytest.approx(-1.5)
