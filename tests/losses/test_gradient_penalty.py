"""Penalties against critics whose slope is known."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from melgan_vc.losses.gradient_penalty import r1_penalty, wasserstein_penalty
from melgan_vc.nets.domain_critics import projection_critic


def linear(slope):
    """Two scores for each window; their mean has the slope given at every cell."""
    return lambda windows: ops.stack([2.0 * slope * ops.sum(windows, axis=(1, 2)), ops.zeros(len(windows))], axis=1)


def test_r1_is_half_the_squared_slope(random_mel):
    windows = random_mel(3, 4, 5)
    assert float(r1_penalty(linear(0.3), windows)) == pytest.approx(0.5 * 0.3**2 * 20, rel=1e-5)
    assert float(r1_penalty(lambda given: ops.zeros(len(given)) + 0.0 * ops.sum(given), windows)) == 0.0


def test_wasserstein_wants_a_slope_of_one(random_mel):
    real, fake, mixing = random_mel(3, 4, 5), random_mel(3, 4, 5), np.full((3, 1, 1), 0.5, np.float32)
    one = 1.0 / np.sqrt(20.0)
    assert float(wasserstein_penalty(linear(one), real, fake, mixing)) == pytest.approx(0.0, abs=1e-6)
    assert float(wasserstein_penalty(linear(3.0 * one), real, fake, mixing)) == pytest.approx(4.0, rel=1e-4)


def test_the_slope_is_taken_between_the_real_window_and_the_generated_one():
    """Of the sum of squares the slope is twice the window: 1 where the mixture is one half in one cell."""
    real, fake = np.zeros((1, 1, 4), np.float32), np.zeros((1, 1, 4), np.float32)
    real[0, 0, 0] = 2.0
    for share, slope in ((0.0, 0.0), (0.25, 1.0), (1.0, 4.0)):
        mixing = np.full((1, 1, 1), share, np.float32)
        found = wasserstein_penalty(lambda given: ops.sum(ops.square(given), axis=(1, 2)), real, fake, mixing)
        assert float(found) == pytest.approx((slope - 1.0) ** 2, abs=1e-4)


@pytest.mark.parametrize("penalty", ["r1", "wasserstein"])
def test_a_critic_learns_from_its_penalty(penalty, random_mel):
    """Gradient of a gradient: steps against the penalty make it smaller."""
    keras.utils.set_random_seed(0)
    critic, domain = projection_critic(12, domains=2, channels=8), tf.constant([0, 1])
    real, fake, mixing = random_mel(2, 16, 12), random_mel(2, 16, 12), np.full((2, 1, 1), 0.5, np.float32)

    def score(windows):
        return critic([windows, domain], training=False)

    def cost():
        return r1_penalty(score, real) if penalty == "r1" else wasserstein_penalty(score, real, fake, mixing)

    optimizer, first = keras.optimizers.Adam(0.01), float(cost())
    for _ in range(5):
        with tf.GradientTape() as tape:
            loss = cost()
        gradients = tape.gradient(loss, [variable.value for variable in critic.trainable_variables])
        pairs = zip(gradients, critic.trainable_variables, strict=True)
        optimizer.apply_gradients([(gradient, variable) for gradient, variable in pairs if gradient is not None])
    assert float(cost()) < 0.9 * first
