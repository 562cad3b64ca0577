"""The forward pass against Keras's own LSTM."""

import keras
import numpy as np
import pytest

from melgan_vc.features.resemblyzer.network import LAYERS, embedded


@pytest.fixture
def weights(draw):
    """Of a small network, by torch's names."""
    sizes, found = [5, 8, 8, 8], {}
    for layer in range(LAYERS):
        shapes = {"weight_ih": (32, sizes[layer]), "weight_hh": (32, 8), "bias_ih": (32,), "bias_hh": (32,)}
        found |= {f"lstm.{name}_l{layer}": shape for name, shape in shapes.items()}
    found |= {"linear.weight": (6, 8), "linear.bias": (6,)}
    return {name: 0.5 * draw.standard_normal(shape).astype("f") for name, shape in found.items()}


def test_it_is_three_layers_of_lstm_and_a_rectified_projection_of_the_last_state(weights, draw):
    mels = draw.standard_normal((3, 11, 5)).astype("f")
    hidden = mels
    for layer in range(LAYERS):
        lstm = keras.layers.LSTM(8, return_sequences=True)
        lstm.build(hidden.shape)
        own = [weights[f"lstm.{name}_l{layer}"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        lstm.set_weights([own[0].T, own[1].T, own[2] + own[3]])
        hidden = keras.ops.convert_to_numpy(lstm(hidden))
    wanted = np.maximum(hidden[:, -1] @ weights["linear.weight"].T + weights["linear.bias"], 0.0)
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)

    found = embedded(mels, weights)

    assert found.shape == (3, 6) and found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, atol=1e-5)
