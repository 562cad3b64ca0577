"""Layers of the gated networks, which read a log-mel as a picture ``(B, T, F, C)``, and masks of missing frames."""

import keras
from keras import ops

MISSING = -2.0
"""What stands in a log-mel for a frame that was taken out: below silence (-1), so no frame of sound holds it."""


def is_missing(mel):
    """Where a log-mel ``(B, T, M)`` holds frames that were taken out: booleans of the same shape."""
    return ops.less(mel, (MISSING - 1.0) / 2.0)


@keras.saving.register_keras_serializable("melgan_vc")
class MaskChannel(keras.layers.Layer):
    """A log-mel as a picture of two channels, ``x m`` and ``m``; ``(B, T, M) -> (B, T, M, 2)``.

    The mask ``m`` is 0 where a frame is `MISSING` and 1 elsewhere (Kaneko et al. 2021, "MaskCycleGAN-VC"). It is
    read from the log-mel itself, so that a network with a mask is called like any other.
    """

    def call(self, mel):
        mask = 1.0 - ops.cast(is_missing(mel), mel.dtype)
        return ops.stack([mel * mask, mask], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape, 2)


@keras.saving.register_keras_serializable("melgan_vc")
class MaskBand(keras.layers.Layer):
    """A log-mel with the mask as one more band, for networks over time alone; ``(B, T, M) -> (B, T, M + 1)``.

    The mask is that of `MaskChannel`. Missing frames are silent here, not 0, which would be loud.
    """

    def call(self, mel):
        missing = is_missing(mel)
        mask = 1.0 - ops.cast(missing[..., :1], mel.dtype)
        return ops.concatenate([ops.where(missing, ops.cast(-1.0, mel.dtype), mel), mask], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + 1)


@keras.saving.register_keras_serializable("melgan_vc")
class GatedLinearUnit(keras.layers.Layer):
    """One half of the channels, gated by the other: ``a * sigmoid(b)``; ``(..., 2 C) -> (..., C)``.

    Dauphin et al. 2017, "Language modeling with gated convolutional networks". Several ports of the voice conversion
    GANs write ``x * sigmoid(x)`` instead, which gates nothing and keeps all channels.
    """

    def call(self, inputs):
        value, gate = ops.split(inputs, 2, axis=-1)
        return value * ops.sigmoid(gate)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] // 2)


@keras.saving.register_keras_serializable("melgan_vc")
class FrameNormalization(keras.layers.Layer):
    """Each frame of a picture brought to mean 0 and variance 1, then a scale and an offset for each channel.

    The published networks normalise each channel over time and mels (instance norm). Its statistics depend on where
    a chunk was cut, so that one word comes out differently in every chunk; here they are taken over the mels and
    channels of one frame. The trainable parameters are the same, two for each channel. ``(B, T, F, C)``, same shape.
    """

    def __init__(self, epsilon: float = 1e-5, **options):
        super().__init__(**options)
        self.epsilon = epsilon

    def build(self, input_shape):
        self.gamma = self.add_weight(name="gamma", shape=(input_shape[-1],), initializer="ones")
        self.beta = self.add_weight(name="beta", shape=(input_shape[-1],), initializer="zeros")

    def call(self, inputs):
        mean, variance = ops.moments(inputs, axes=(2, 3), keepdims=True)
        return (inputs - mean) * ops.rsqrt(variance + self.epsilon) * self.gamma + self.beta

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}


@keras.saving.register_keras_serializable("melgan_vc")
class PixelShuffle(keras.layers.Layer):
    """Four channels become a square of two frames by two mels; ``(B, T, F, 4 C) -> (B, 2 T, 2 F, C)``.

    Shi et al. 2016, "Real-time single image and video super-resolution using an efficient sub-pixel CNN".
    """

    def call(self, inputs):
        mels, channels = inputs.shape[2], inputs.shape[3] // 4
        squares = ops.reshape(inputs, (-1, mels, 2, 2, channels))  # (B T, F, frame, mel, C)
        rows = ops.transpose(squares, (0, 2, 1, 3, 4))
        return ops.reshape(rows, (-1, 2 * ops.shape(inputs)[1], 2 * mels, channels))

    def compute_output_shape(self, input_shape):
        batch, time, mels, channels = input_shape
        return batch, None if time is None else 2 * time, 2 * mels, channels // 4
