"""Least-squares losses against values worked out by hand."""

import numpy as np
import pytest
import tensorflow as tf

from melgan_vc.losses.least_squares import least_squares_critic, least_squares_generator


def scores(*values):
    return tf.constant(values, tf.float32)


def test_critic_against_hand_computed_values():
    # real: 0.25, 4, 0 -> mean 4.25/3; fake: 0.25, 1 -> mean 1.25/2
    loss = least_squares_critic(scores(0.5, 3.0, 1.0), scores(-0.5, 1.0))
    assert float(loss) == pytest.approx(0.5 * (4.25 / 3 + 0.625))


def test_a_perfect_critic_costs_nothing_and_one_that_cannot_tell_a_quarter():
    assert float(least_squares_critic(scores(1.0, 1.0), scores(0.0, 0.0))) == 0.0
    assert float(least_squares_critic(scores(0.5), scores(0.5))) == pytest.approx(0.25)


def test_a_critic_that_is_too_sure_is_pulled_back():
    """Unlike the hinge: a real score of 3 has a gradient, downwards."""
    real, fake = scores(3.0), scores(-1.0)
    with tf.GradientTape() as tape:
        tape.watch([real, fake])
        loss = least_squares_critic(real, fake)
    of_real, of_fake = tape.gradient(loss, [real, fake])
    np.testing.assert_allclose([*of_real, *of_fake], [2.0, -1.0])


def test_generator_wants_scores_of_one():
    fake = scores(0.0, 1.0, 3.0)
    with tf.GradientTape() as tape:
        tape.watch(fake)
        loss = least_squares_generator(fake)
    assert float(loss) == pytest.approx((1.0 + 0.0 + 4.0) / 3)
    np.testing.assert_allclose(tape.gradient(loss, fake), [-2 / 3, 0.0, 4 / 3], rtol=1e-6)
