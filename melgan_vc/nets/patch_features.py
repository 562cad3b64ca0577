"""What PatchNCE compares: a vector for each short stretch of a log-mel."""

import keras
from keras import layers

from melgan_vc.nets.layers import leaky_relu

FRAMES_PER_PLACE = 4
"""From the beginning of what one place sees to that of the next."""


def patch_features(n_mels: int, *, channels: int = 128) -> keras.Model:
    """Two strided convolutions and a two-layer projection; ``(B, T, n_mels) -> (B, P, channels)``, unbounded.

    Each place sees 7 frames, the next one begins 4 frames later, and so ``P`` is ``T / 4 - 1`` for a multiple of 4.
    Park et al. 2020 take features from the generator's own encoder. Generators here have none that is alike in all of
    them, so this is a network of its own, and it learns with the generator as the paper's projections do.

    It has two easy ways out, and neither is open. Features that are all alike cost the loss's log P, the price of a
    guess, since the negatives are part of the loss; nothing has to be held apart as for `siamese`. And features that
    say where in the window they are, whatever is heard there, would cost nothing at all: so no convolution is padded,
    every place is the same function of its frames, and a place cannot know where it is.
    """
    mel = keras.Input((None, n_mels), name="mel")
    x = mel
    for _ in range(2):
        x = layers.Conv1D(channels, 3, strides=2, kernel_initializer="he_uniform")(x)
        x = leaky_relu()(layers.LayerNormalization(dtype="float32")(x))
    x = leaky_relu()(layers.Dense(channels, kernel_initializer="he_uniform")(x))
    return keras.Model(mel, layers.Dense(channels, dtype="float32")(x), name="patch_features")
