"""The two pieces that several architectures share."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("melgan_vc")
class SilencePadding(keras.layers.Layer):
    """Pad a log-mel in time with silence (-1): zero would be loud. ``(B, T, M) -> (B, T + 2 frames, M)``."""

    def __init__(self, frames: int, **options):
        super().__init__(**options)
        self.frames = frames

    def call(self, mel):
        return ops.pad(mel, ((0, 0), (self.frames, self.frames), (0, 0)), constant_values=-1.0)

    def compute_output_shape(self, input_shape):
        batch, time, mels = input_shape
        return batch, None if time is None else time + 2 * self.frames, mels

    def get_config(self):
        return {**super().get_config(), "frames": self.frames}


def leaky_relu(name: str | None = None) -> keras.layers.Layer:
    """Leaky ReLU of slope 0.2, as in every published network of this family."""
    return keras.layers.LeakyReLU(negative_slope=0.2, name=name)
