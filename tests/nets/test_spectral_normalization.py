"""Spectral normalisation: it normalises, it trains, and inference leaves it alone."""

import keras
import numpy as np
import pytest
from keras import ops

from melgan_vc.nets.spectral_normalization import SpectralConv1D, SpectralDense


def effective_kernel(layer, input_shape):
    """The matrix that a built layer without bias really applies, from its answers to unit impulses."""
    if isinstance(layer, SpectralDense):
        return ops.convert_to_numpy(layer(np.eye(input_shape[-1], dtype=np.float32)))
    kernel, features = layer.kernel_size[0], input_shape[-1]
    impulses = np.eye(kernel * features, dtype=np.float32).reshape(-1, kernel, features)
    return ops.convert_to_numpy(layer(impulses))[:, 0]


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (SpectralConv1D(12, 5, padding="valid", use_bias=False, kernel_initializer="he_uniform"), (4, 9, 10)),
        (SpectralDense(12, use_bias=False, kernel_initializer="he_uniform"), (4, 30)),
    ],
    ids=["conv", "dense"],
)
def test_largest_singular_value_is_one_after_some_training_calls(layer, shape, draw):
    keras.utils.set_random_seed(0)
    x = draw.normal(size=shape).astype(np.float32)
    layer(x)
    layer.kernel.assign(7.0 * layer.kernel)
    for _ in range(60):
        layer(x, training=True)
    assert np.linalg.norm(effective_kernel(layer, shape), 2) == pytest.approx(1.0, abs=0.01)


def test_inference_changes_no_weight_and_repeats_itself(draw):
    x = draw.normal(size=(2, 8, 6)).astype(np.float32)
    layer = SpectralConv1D(4, 3)
    first = ops.convert_to_numpy(layer(x))
    before = layer.get_weights()
    np.testing.assert_array_equal(layer(x, training=False), first)
    for now, then in zip(layer.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_training_call_advances_the_power_iteration(draw):
    x = draw.normal(size=(2, 8, 6)).astype(np.float32)
    layer = SpectralConv1D(4, 3)
    layer.build(x.shape)
    before = ops.convert_to_numpy(layer.u)
    layer(x, training=True)
    matrix = ops.convert_to_numpy(layer.kernel).reshape(-1, 4)
    expected = before @ matrix.T @ matrix
    np.testing.assert_allclose(layer.u, expected / np.linalg.norm(expected), atol=1e-5)


def test_scale_of_the_kernel_does_not_matter_but_its_direction_does(draw):
    x = draw.normal(size=(2, 6)).astype(np.float32)
    layer = SpectralDense(3)
    output = ops.convert_to_numpy(layer(x))
    kernel = ops.convert_to_numpy(layer.kernel)
    layer.kernel.assign(100.0 * kernel)
    np.testing.assert_allclose(layer(x), output, rtol=1e-4)
    layer.kernel.assign(kernel[::-1])
    assert np.abs(layer(x) - output).max() > 0.01


def test_bias_and_activation_apply_after_the_kernel(draw):
    x = draw.normal(size=(2, 8, 6)).astype(np.float32)
    layer = SpectralConv1D(4, 3, activation="relu")
    layer.build(x.shape)
    layer.kernel.assign(0.0 * layer.kernel)
    layer.bias.assign([-1.0, 0.0, 1.0, 2.0])
    np.testing.assert_array_equal(layer(x)[0, 0], [0.0, 0.0, 1.0, 2.0])  # an all-zero kernel is no NaN either
