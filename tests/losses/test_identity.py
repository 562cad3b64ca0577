"""The identity loss is the mean absolute error."""

import numpy as np
import pytest
import tensorflow as tf

from melgan_vc.losses.identity import identity, until


def test_against_hand_computed_value():
    target = np.array([[[0.0, 1.0], [-1.0, 0.5]]], np.float32)
    translated = np.array([[[0.5, -1.0], [-1.0, 0.0]]], np.float32)
    assert float(identity(target, translated)) == pytest.approx((0.5 + 2.0 + 0.0 + 0.5) / 4)


def test_nothing_for_an_unchanged_mel_and_at_most_two(random_mel):
    mel = random_mel(2, 5, 3)
    assert float(identity(mel, mel)) == 0.0
    assert float(identity(np.ones((1, 2, 3), np.float32), -np.ones((1, 2, 3), np.float32))) == 2.0


def test_gradient_pulls_the_translation_towards_the_target():
    target, translated = tf.zeros((1, 1, 2)), tf.constant([[[0.3, -0.7]]])
    with tf.GradientTape() as tape:
        tape.watch(translated)
        loss = identity(target, translated)
    np.testing.assert_allclose(tape.gradient(loss, translated), [[[0.5, -0.5]]])


@pytest.mark.parametrize(("step", "weight"), [(0, 5.0), (99, 5.0), (100, 0.0), (10_000, 0.0)])
def test_its_weight_ends_after_some_steps(step, weight):
    assert float(until(5.0, tf.constant(step), 100)) == weight


def test_its_weight_may_stay_for_ever():
    assert until(5.0, tf.constant(10**9), None) == 5.0
