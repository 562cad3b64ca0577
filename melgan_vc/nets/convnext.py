"""ConvNeXt blocks over frames: what decoders and students are made of."""

from collections.abc import Callable

import keras
from keras import layers

from melgan_vc.nets.adaptive_generator import AdaptiveNormalization

KERNEL = 7


def convnext_blocks(
    x, channels: int, *, aheads: tuple[int, ...], style=None, norm: Callable | None = None, expansion: int = 3
):
    """One residual block for each of ``aheads`` (Liu et al. 2022, "A ConvNet for the 2020s"); ``(B, T, channels)``.

    Parameters
    ----------
    x : tensor
        Frames ``(B, T, channels)``.
    channels : int
        Their width.
    aheads : tuple of int
        Frames that each block looks ahead of its own, 0 to 6 of the 7 that it sees.
    style : tensor, optional
        Vectors ``(B, S)`` that scale and offset what is normalised, see `AdaptiveNormalization`.
    norm : callable, optional
        What normalises the frames of a block, instead of each frame by itself.
    expansion : int
        How many times wider a block is inside.
    """
    for ahead in aheads:
        y = layers.ZeroPadding1D((KERNEL - 1 - ahead, ahead))(x)
        y = layers.DepthwiseConv1D(KERNEL)(y)
        y = AdaptiveNormalization()(y, style) if style is not None else (norm or normalised)(y)
        y = layers.Dense(expansion * channels, activation="gelu")(y)
        # Small edits, as ConvNeXt's layer scale has them; one scale for all is as good and needs no learning.
        x = layers.Add()([x, layers.Rescaling(1.0 / len(aheads))(layers.Dense(channels)(y))])
    return x


def normalised(x) -> keras.KerasTensor:
    """Each frame brought to mean 0 and variance 1."""
    return layers.LayerNormalization(epsilon=1e-6)(x)


def shared_out(frames: int, blocks: int) -> tuple[int, ...]:
    """So many frames to look ahead over blocks of which each takes 3 at most.

    >>> shared_out(4, 3)
    (3, 1, 0)
    """
    most = KERNEL // 2
    return tuple(min(most, max(0, frames - most * number)) for number in range(blocks))
