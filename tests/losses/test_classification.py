"""Cross-entropy of domains against values worked out by hand."""

import numpy as np
import pytest
import tensorflow as tf

from melgan_vc.losses.classification import classification


def test_a_classifier_that_knows_nothing_costs_the_logarithm_of_the_domains():
    assert float(classification(np.zeros((3, 5), np.float32), np.array([0, 2, 4]))) == pytest.approx(np.log(5))


def test_against_hand_computed_probabilities():
    logits = np.log(np.array([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]], np.float32))
    assert float(classification(logits, np.array([1, 2]))) == pytest.approx(-(np.log(0.25) + np.log(0.7)) / 2)


def test_gradient_raises_the_domain_that_is_asked():
    logits = tf.zeros((1, 4))
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = classification(logits, np.array([2]))
    np.testing.assert_allclose(tape.gradient(loss, logits), [[0.25, 0.25, -0.75, 0.25]], rtol=1e-6)
