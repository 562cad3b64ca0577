"""Classifiers of who speaks, on what is told of what is said."""

from typing import Any

import keras
from keras import ops

from melgan_vc.losses.classification import classification

_CHANNELS = 128


def linear_probe(columns: int, voices: int) -> keras.Model:
    """A linear classifier of each frame; ``(B, T, columns)`` to logits ``(B, T, voices)``."""
    content = keras.Input((None, columns), name="content")
    return keras.Model(content, keras.layers.Dense(voices, dtype="float32")(content), name="probe")


def frame_classifier(columns: int, voices: int, name: str = "classifier") -> keras.Model:
    """A classifier that sees seven frames; ``(B, T, columns)`` to logits ``(B, T, voices)``."""
    content = keras.Input((None, columns), name="content")
    x = keras.layers.Conv1D(_CHANNELS, 7, padding="same", activation="gelu")(content)
    x = keras.layers.Conv1D(_CHANNELS, 1, activation="gelu")(x)
    return keras.Model(content, keras.layers.Dense(voices, dtype="float32")(x), name=name)


def loss_and_accuracy(logits, voice) -> tuple[Any, Any]:
    """Cross-entropy of logits ``(B, voices)`` or ``(B, T, voices)``, and the share that is told rightly."""
    if len(logits.shape) == 2:
        logits = logits[:, None]
    every = ops.broadcast_to(voice[:, None], ops.shape(logits)[:2])
    right = ops.equal(ops.cast(ops.argmax(logits, axis=-1), "int32"), ops.cast(every, "int32"))
    flat = ops.reshape(logits, (-1, logits.shape[-1]))
    return classification(flat, ops.reshape(every, (-1,))), ops.mean(ops.cast(right, "float32"))
