"""Where style vectors come from: a reference clip, or the name of a domain (Choi et al. 2020, "StarGAN v2")."""

import keras
from keras import layers, ops

from melgan_vc.nets.layers import SilencePadding, leaky_relu
from melgan_vc.nets.registry import network


@keras.saving.register_keras_serializable("melgan_vc")
class MeanAndDeviation(layers.Layer):
    """Mean and standard deviation of each channel over time; ``(B, T, C) -> (B, 2 C)``, for any ``T``."""

    def call(self, frames):
        mean, variance = ops.moments(frames, axes=1)
        return ops.concatenate([mean, ops.sqrt(variance + 1e-5)], axis=-1)

    def compute_output_shape(self, frames_shape):
        return frames_shape[0], 2 * frames_shape[-1]


@network("style_encoder", "strided")
def style_encoder(n_mels: int, *, style: int, channels: int = 192) -> keras.Model:
    """The style of a clip of any length; ``(B, T, n_mels) -> (B, style)``, unbounded.

    One head for all domains, where StarGAN v2 has one for each: so a voice that was never trained on has a style
    too. What is said goes away in the mean over time.
    """
    mel = keras.Input((None, n_mels), name="mel")
    x = SilencePadding(2)(mel)
    for kernel, stride, padding in ((5, 1, "valid"), (5, 2, "same"), (5, 2, "same"), (3, 1, "same")):
        x = layers.Conv1D(channels, kernel, strides=stride, padding=padding, kernel_initializer="he_uniform")(x)
        x = leaky_relu()(x)
    pooled = MeanAndDeviation(dtype="float32")(x)
    return keras.Model(mel, layers.Dense(style, dtype="float32")(pooled), name="style_encoder")


def print_projection(columns: int, *, style: int) -> keras.Model:
    """The style of a clip from the prints of its speaker; ``(B, T, columns) -> (B, style)``, unbounded.

    Their direction, frames of zeros left out, then a linear map: what an embedder hears is all that it can tell.
    """
    prints = keras.Input((None, columns), name="prints")
    pooled = layers.GlobalAveragePooling1D(dtype="float32")(prints)
    direction = layers.UnitNormalization(dtype="float32")(pooled)
    even = layers.Rescaling(columns**0.5, dtype="float32")(direction)  # numbers of about 1
    return keras.Model(prints, layers.Dense(style, dtype="float32")(even), name="print_projection")


def mapping_network(domains: int, *, latent: int, style: int, channels: int = 192) -> keras.Model:
    """Styles of a domain from a latent vector and the domain; ``(B, latent), (B,) int -> (B, style)``, unbounded.

    The domain is an embedding at the entrance, where StarGAN v2 has a network for each: a hundred domains then cost a
    hundred vectors.
    """
    vector = keras.Input((latent,), name="latent")
    domain = keras.Input((), dtype="int32", name="domain")
    embedded = layers.Embedding(domains, style, embeddings_initializer="random_normal")(domain)
    x = layers.Concatenate()([vector, embedded])
    for _ in range(3):
        x = leaky_relu()(layers.Dense(channels, kernel_initializer="he_uniform")(x))
    return keras.Model([vector, domain], layers.Dense(style, dtype="float32")(x), name="mapping_network")
