"""Adam in one kernel is Adam."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from melgan_vc.training.fused_adam import FusedAdam

SETTINGS = {"learning_rate": 3e-3, "beta_1": 0.5, "beta_2": 0.999, "global_clipnorm": 1.0}


@pytest.mark.parametrize("averaged", [False, True])
def test_the_same_weights_as_of_keras(draw, averaged):
    start, gradients = draw.normal(size=(20, 7)), draw.normal(size=(6, 20, 7))
    found = []
    for kind in (keras.optimizers.Adam, FusedAdam):
        variable = keras.Variable(start, dtype="float32")
        optimizer = kind(**SETTINGS, use_ema=averaged, ema_momentum=0.9)
        optimizer.build([variable])
        for gradient in gradients:
            optimizer.apply([tf.constant(gradient, tf.float32)])
        found.append([keras.ops.convert_to_numpy(value) for value in (variable, *optimizer.variables)])
    assert np.abs(found[0][0] - start).max() > 1e-2
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-5, atol=1e-6)


def test_a_gradient_of_some_rows():
    """As that of an embedding, whose other rows had none."""
    variable = keras.Variable(np.ones((4, 3), "float32"))
    optimizer = FusedAdam(learning_rate=0.1)
    optimizer.build([variable])
    optimizer.apply([tf.IndexedSlices(tf.ones((2, 3)), tf.constant([1, 1]), tf.constant([4, 3]))])
    moved = keras.ops.convert_to_numpy(variable) - 1.0
    np.testing.assert_allclose(moved[1], -0.1, rtol=1e-4)
    np.testing.assert_array_equal(moved[[0, 2, 3]], 0.0)
