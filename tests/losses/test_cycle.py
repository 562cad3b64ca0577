"""The cycle loss is the mean absolute error of a round trip."""

import numpy as np
import pytest
import tensorflow as tf

from melgan_vc.losses.cycle import cycle


def test_against_hand_computed_value():
    given = np.array([[[0.0, 1.0], [-1.0, 0.5]]], np.float32)
    returned = np.array([[[0.25, 1.0], [1.0, 0.0]]], np.float32)
    assert float(cycle(given, returned)) == pytest.approx((0.25 + 0.0 + 2.0 + 0.5) / 4)


def test_gradient_pulls_what_came_back_towards_what_was_given():
    given, returned = tf.zeros((1, 1, 2)), tf.constant([[[0.3, -0.7]]])
    with tf.GradientTape() as tape:
        tape.watch(returned)
        loss = cycle(given, returned)
    np.testing.assert_allclose(tape.gradient(loss, returned), [[[0.5, -0.5]]])
