"""The two pieces that several architectures share."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("melgan_vc")
class SilencePadding(keras.layers.Layer):
    """Pad a log-mel in time with silence (-1): zero would be loud.

    ``(B, T, M)`` to ``(B, T + frames + after, M)``; ``after`` is ``frames`` unless told otherwise.
    """

    def __init__(self, frames: int, after: int | None = None, **options):
        super().__init__(**options)
        self.frames = frames
        self.after = frames if after is None else after

    def call(self, mel):
        return ops.pad(mel, ((0, 0), (self.frames, self.after), (0, 0)), constant_values=-1.0)

    def compute_output_shape(self, input_shape):
        batch, time, mels = input_shape
        return batch, None if time is None else time + self.frames + self.after, mels

    def get_config(self):
        return {**super().get_config(), "frames": self.frames, "after": self.after}


def leaky_relu(name: str | None = None) -> keras.layers.Layer:
    """Leaky ReLU of slope 0.2, as in every published network of this family."""
    return keras.layers.LeakyReLU(negative_slope=0.2, name=name)
