"""The lower part of Whisper-base's encoder as a Keras model: it runs wherever the networks do."""

import functools
from collections.abc import Callable, Mapping

import keras
import numpy as np
from keras import layers, ops

from melgan_vc.engine.forward import compiled
from melgan_vc.features.whisper.weights import encoder_weights

COLUMNS = 512
LAYERS = 4
"""Of six. What a linear map hears of phonemes in another voice than it was made for is best after the fourth."""
_HEADS = 8
_MELS = 80
_EPSILON = 1e-5
_LONGEST_WAVELENGTH = 10000.0


@functools.lru_cache(maxsize=1)
def whisper_encoder() -> Callable:
    """The forward pass of the encoder with its weights: log-mels ``(B, T, 80)`` to ``(B, T / 2, 512)``.

    Raises
    ------
    MelganVcError
        As `encoder_weights`.
    """
    weights = encoder_weights()  # first: if they are missing, nothing was built in vain
    model = build_encoder()
    set_weights(model, weights)
    return compiled(model, graph=True)


def build_encoder(number: int = LAYERS) -> keras.Model:
    """The first layers of the encoder of Radford et al. 2023, untrained.

    Two convolutions, the second with a stride of 2, sinusoids of the position, and a ``number`` of transformer layers
    that are normalised before each part. What they give is normalised as the next would begin with, without its
    scales: a few columns of it are far larger than the others, and more so in some voices. ``(B, T, 80)`` to
    ``(B, T / 2, 512)``, unbounded, for even ``T``.
    """
    mel = keras.Input((None, _MELS), name="mel")
    x = layers.Conv1D(COLUMNS, 3, padding="same", activation=_gelu, name="conv1")(mel)
    x = layers.ZeroPadding1D(1)(x)  # the middle of a window of 3 is on an even frame
    x = layers.Conv1D(COLUMNS, 3, strides=2, activation=_gelu, name="conv2")(x)
    x = _AddPositions()(x)
    for layer in range(number):
        x = _attention(x, f"layer_{layer}/self_attention")
        x = _feed_forward(x, f"layer_{layer}/ffn")
    plain = layers.LayerNormalization(epsilon=_EPSILON, center=False, scale=False)
    return keras.Model(mel, plain(x), name="whisper_encoder")


def set_weights(model: keras.Model, weights: Mapping[str, np.ndarray]) -> None:
    """Give a model of `build_encoder` the weights of `encoder_weights`."""
    for layer in model.layers:
        if isinstance(layer, layers.LayerNormalization) and layer.weights:
            names = ("gamma", "beta")
        elif isinstance(layer, (layers.Conv1D, layers.Dense)):
            names = ("weight", "bias")
        else:
            continue
        first, second = (np.asarray(weights[f"encoder/{_plain(layer.name)}/{name}"], np.float32) for name in names)
        layer.set_weights([first.T if first.ndim > 1 else first, second])  # (out, in, width) to (width, in, out)


def _attention(x, name: str):
    given = _norm(f"{name}/layer_norm")(x)
    joined = layers.Dense(3 * COLUMNS, name=_named(f"{name}/linear_0"))(given)
    return x + layers.Dense(COLUMNS, name=_named(f"{name}/linear_1"))(_Attention()(joined))


def _feed_forward(x, name: str):
    given = _norm(f"{name}/layer_norm")(x)
    wide = layers.Dense(4 * COLUMNS, activation=_gelu, name=_named(f"{name}/linear_0"))(given)
    return x + layers.Dense(COLUMNS, name=_named(f"{name}/linear_1"))(wide)


def _norm(name: str) -> layers.Layer:
    return layers.LayerNormalization(epsilon=_EPSILON, name=_named(name))


def _named(name: str) -> str:
    return name.replace("/", "--")  # Keras takes no slash


def _plain(name: str) -> str:
    return name.replace("--", "/")


def _gelu(x):
    return ops.gelu(x, approximate=False)


class _Attention(layers.Layer):
    """Queries, keys and values side by side, ``(B, T, 3 * 512)``, to ``(B, T, 512)``: eight heads of attention."""

    def call(self, joined):
        batch, time = ops.shape(joined)[0], ops.shape(joined)[1]
        heads = ops.reshape(joined, (batch, time, 3, _HEADS, COLUMNS // _HEADS))
        query, key, value = (ops.transpose(heads[:, :, part], (0, 2, 1, 3)) for part in range(3))
        scores = ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))) / (COLUMNS // _HEADS) ** 0.5
        found = ops.matmul(ops.softmax(scores, axis=-1), value)
        return ops.reshape(ops.transpose(found, (0, 2, 1, 3)), (batch, time, COLUMNS))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], COLUMNS)


class _AddPositions(layers.Layer):
    """Add sinusoids of the position in the window to ``(B, T, 512)``.

    They are computed, as in the published network. The file of weights has them in half precision, which would change
    what comes out by a thousandth of its standard deviation.
    """

    def call(self, x):
        rates = np.exp(-np.log(_LONGEST_WAVELENGTH) * np.arange(COLUMNS // 2) / (COLUMNS // 2 - 1))
        angles = ops.cast(ops.arange(ops.shape(x)[1]), "float32")[:, None] * rates.astype(np.float32)
        return x + ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=1)
