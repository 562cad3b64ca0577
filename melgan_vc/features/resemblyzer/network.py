"""The forward pass of Resemblyzer's speaker embedder."""

from collections.abc import Mapping

import numpy as np
from scipy.special import expit

LAYERS = 3


def embedded(mels: np.ndarray, weights: Mapping[str, np.ndarray]) -> np.ndarray:
    r"""Mel spectrograms of utterances to vectors of length 1.

    Three layers of LSTM [1]_; with the last hidden state h of the last one, :math:`e = \mathrm{ReLU}(W h + b)`.

    Parameters
    ----------
    mels : np.ndarray
        Shape ``(B, T, bands)``, power.
    weights : mapping of str to np.ndarray
        By torch's names: ``lstm.weight_ih_l0`` and so on, ``linear.weight``, ``linear.bias``.

    Returns
    -------
    np.ndarray
        Shape ``(B, 256)``, float32, 0 or more.

    References
    ----------
    .. [1] L. Wan et al., "Generalized end-to-end loss for speaker verification", ICASSP 2018.
    """
    hidden = mels
    for layer in range(LAYERS):
        hidden = _lstm(
            hidden, *(weights[f"lstm.{name}_l{layer}"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        )
    vectors = np.maximum(hidden[:, -1] @ weights["linear.weight"].T + weights["linear.bias"], 0.0)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def _lstm(
    inputs: np.ndarray, of_input: np.ndarray, of_hidden: np.ndarray, bias: np.ndarray, other_bias: np.ndarray
) -> np.ndarray:
    """All hidden states ``(B, T, H)`` of inputs ``(B, T, C)``; weights ``(4 H, C)`` and ``(4 H, H)``."""
    gates = inputs @ of_input.T + (bias + other_bias)
    recurrent = np.ascontiguousarray(of_hidden.T)  # a product with a transposed view takes three times as long
    hidden = cell = np.zeros((len(inputs), of_hidden.shape[1]), np.float32)
    states = []
    for time in range(inputs.shape[1]):
        entered, forgotten, candidate, shown = np.split(gates[:, time] + hidden @ recurrent, 4, axis=1)
        cell = expit(forgotten) * cell + expit(entered) * np.tanh(candidate)
        hidden = expit(shown) * np.tanh(cell)
        states.append(hidden)
    return np.stack(states, axis=1)
