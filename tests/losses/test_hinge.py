"""Hinge losses against values worked out by hand."""

import numpy as np
import pytest
import tensorflow as tf

from melgan_vc.losses.hinge import hinge_critic, hinge_generator


def scores(*values):
    return tf.constant(values, tf.float32)


def test_critic_against_hand_computed_values():
    # real: 1-0.5, 0 (beyond the margin), 1+1 -> mean 2.5/3; fake: 1+0.5, 0 (beyond), 1 -> mean 2.5/3
    loss = hinge_critic(scores(0.5, 3.0, -1.0), scores(0.5, -4.0, 0.0))
    assert float(loss) == pytest.approx(0.5 * (2.5 / 3 + 2.5 / 3))


def test_untrained_critic_costs_one_and_a_perfect_one_nothing():
    assert float(hinge_critic(scores(0.0, 0.0), scores(0.0, 0.0))) == pytest.approx(1.0)
    assert float(hinge_critic(scores(1.0, 5.0), scores(-1.0, -5.0))) == 0.0


def test_real_and_fake_may_differ_in_number():
    """Each side is its own mean, whatever the batch sizes."""
    assert float(hinge_critic(scores(0.0), scores(-2.0, 0.0, 2.0))) == pytest.approx(0.5 * (1.0 + 4.0 / 3))


def test_critic_learns_to_raise_real_and_lower_fake_scores():
    real, fake = scores(0.0, 2.0), scores(0.0, -2.0)
    with tf.GradientTape() as tape:
        tape.watch([real, fake])
        loss = hinge_critic(real, fake)
    of_real, of_fake = tape.gradient(loss, [real, fake])
    np.testing.assert_allclose(of_real, [-0.25, 0.0])  # nothing beyond the margin
    np.testing.assert_allclose(of_fake, [0.25, 0.0])


def test_generator_is_rewarded_for_high_scores_without_bound():
    fake = scores(-3.0, 1.0, 8.0)
    with tf.GradientTape() as tape:
        tape.watch(fake)
        loss = hinge_generator(fake)
    assert float(loss) == pytest.approx(-2.0)
    np.testing.assert_allclose(tape.gradient(loss, fake), [-1 / 3] * 3)
