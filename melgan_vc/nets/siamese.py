"""The default siamese network: embeds a chunk, and the differences of embeddings are what content means."""

import keras
from keras import layers

from melgan_vc.nets.layers import SilencePadding, leaky_relu
from melgan_vc.nets.registry import network


@network("siamese", "strided")
def siamese(n_mels: int, *, frames: int, embedding: int = 128, channels: int = 192) -> keras.Model:
    """Strided convolutions without batch statistics; ``(B, frames, n_mels) -> (B, embedding)``, unbounded.

    The published one normalises over the batch, so that the embedding of a chunk depends on its company. Only
    differences of embeddings count, so the last layer has no bias.
    """
    mel = keras.Input((frames, n_mels), name="mel")
    x = SilencePadding(1)(mel)
    for kernel, stride, padding in ((3, 1, "valid"), (7, 2, "same"), (7, 2, "same"), (3, 2, "same")):
        x = layers.Conv1D(channels, kernel, strides=stride, padding=padding, kernel_initializer="he_uniform")(x)
        x = leaky_relu()(layers.LayerNormalization(dtype="float32")(x))
    return keras.Model(
        mel, layers.Dense(embedding, use_bias=False, dtype="float32")(layers.Flatten()(x)), name="siamese"
    )
