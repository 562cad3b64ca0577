"""Generator, siamese and critic as published with MelGAN-VC (Pasini 2019, arXiv 1910.03713).

Each Conv2D of the published code spans all mel bins or is one bin high, so each is a Conv1D over time here:
the same parameters, the same result. One departure: the generator's input is padded with silence, not with zeros.
"""

import keras
from keras import layers

from melgan_vc.nets.layers import SilencePadding, leaky_relu
from melgan_vc.nets.registry import network
from melgan_vc.nets.spectral_normalization import SpectralConv1D, SpectralDense

_CONV = {"use_bias": False, "kernel_initializer": "he_uniform"}


@network("generator", "paper")
def paper_generator(n_mels: int, *, channels: int = 256) -> keras.Model:
    """U-Net over time, 2,934,785 trainable parameters at 192 mels.

    Maps ``(B, T, n_mels)`` in [-1, 1] to the same shape; ``T`` must be a multiple of 4.
    """
    mel = keras.Input((None, n_mels), name="mel")
    x = SilencePadding(1)(mel)
    x = SpectralConv1D(channels, 3, padding="valid", **_CONV)(x)
    full = leaky_relu()(layers.BatchNormalization()(x))
    x = SpectralConv1D(channels, 9, strides=2, padding="same", **_CONV)(full)
    half = leaky_relu()(layers.BatchNormalization()(x))
    x = SpectralConv1D(channels, 7, strides=2, padding="same", **_CONV)(half)
    x = leaky_relu()(layers.BatchNormalization()(x))
    x = layers.UpSampling1D(2)(x)
    x = SpectralConv1D(channels, 7, padding="same", **_CONV)(x)
    x = leaky_relu()(layers.BatchNormalization()(x))
    x = layers.Concatenate()([x, half])
    x = layers.UpSampling1D(2)(x)
    x = SpectralConv1D(channels, 9, padding="same", **_CONV)(x)
    x = layers.Concatenate()([leaky_relu()(x), full])
    # The published transposed Conv2D, one frame wide, is a dense layer over channels with one shared bias.
    x = SpectralConv1D(n_mels, 1, **_CONV)(x)
    x = SharedBias()(x)
    return keras.Model(mel, layers.Activation("tanh", dtype="float32")(x), name="paper_generator")


@keras.saving.register_keras_serializable("melgan_vc")
class SharedBias(layers.Layer):
    """One trainable scalar added to every cell: the bias of a one-filter convolution."""

    def build(self, input_shape):
        self.bias = self.add_weight(name="bias", shape=(1,), initializer="zeros")

    def call(self, inputs):
        return inputs + self.bias


@network("siamese", "paper")
def paper_siamese(n_mels: int, *, frames: int, embedding: int = 128, channels: int = 256) -> keras.Model:
    """Embeds a chunk ``(B, frames, n_mels)`` as ``(B, embedding)``; 1,394,304 trainable at 192 x 24."""
    mel = keras.Input((frames, n_mels), name="mel")
    x = mel
    for kernel, stride, padding in ((3, 1, "valid"), (9, 2, "same"), (7, 2, "same")):
        x = layers.Conv1D(channels, kernel, strides=stride, padding=padding, **_CONV)(x)
        x = leaky_relu()(layers.BatchNormalization()(x))
    x = layers.Dense(embedding, dtype="float32")(layers.Flatten()(x))
    return keras.Model(mel, x, name="paper_siamese")


@network("critic", "paper")
def paper_critic(n_mels: int, *, frames: int, channels: int = 512) -> keras.Model:
    """Scores a window ``(B, frames, n_mels)`` as ``(B, 1)``, unbounded; 4,498,433 trainable at 192 x 72."""
    mel = keras.Input((frames, n_mels), name="mel")
    x = mel
    for kernel, stride, padding in ((3, 1, "valid"), (9, 2, "same"), (7, 2, "same")):
        x = leaky_relu()(SpectralConv1D(channels, kernel, strides=stride, padding=padding, **_CONV)(x))
    x = SpectralDense(1, kernel_initializer="he_uniform", dtype="float32")(layers.Flatten()(x))
    return keras.Model(mel, x, name="paper_critic")
