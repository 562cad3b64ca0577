"""The default generator: it edits its input through a stack of dilated residual blocks."""

from collections.abc import Callable

import keras
from keras import layers

from melgan_vc.nets.edited_mel import EditedMel, ShiftedMel
from melgan_vc.nets.gated_layers import MaskBand
from melgan_vc.nets.layers import SilencePadding, leaky_relu
from melgan_vc.nets.registry import network


@network("generator", "residual")
def residual_generator(
    n_mels: int,
    *,
    channels: int = 256,
    kernel_size: int = 3,
    dilations: tuple[int, ...] = (1, 2, 4, 1, 2, 4),
    shift=None,
    mask: bool = False,
) -> keras.Model:
    """Full-resolution generator: no stride, no statistic over time, input passed through.

    Each block is ``x + conv1(leaky(conv_dilated(leaky(norm(x)))))``, with normalisation over the channels of one
    frame, so that nothing depends on where a chunk was cut. The last layer starts at zero: an untrained generator
    is the identity, and what training changes is the style.

    Parameters
    ----------
    n_mels : int
        Mel bands.
    channels : int
        Width of every hidden layer.
    kernel_size : int
        Odd width of the dilated convolutions in frames.
    dilations : tuple of int
        One residual block for each.
    shift : array, optional
        Shape ``(n_mels, n_mels)``: what is edited is ``(mel + 1) @ shift - 1`` instead of the input itself.
    mask : bool
        Whether it is told which frames are `MISSING`, by one more band, so that it can fill them in.

    Returns
    -------
    keras.Model
        Maps ``(B, T, n_mels)`` in [-1, 1], or `MISSING` in whole frames if it has a ``mask``, to the same shape in
        [-1, 1], for any ``T``.
    """
    mel = keras.Input((None, n_mels), name="mel")
    start = mel if shift is None else ShiftedMel(shift, dtype="float32")(mel)
    edit = residual_edit(
        start,
        lambda x: layers.LayerNormalization(dtype="float32")(x),
        channels=channels,
        kernel_size=kernel_size,
        dilations=dilations,
        mask=mask,
    )
    return keras.Model(mel, EditedMel(dtype="float32")(start, edit), name="residual_generator")


def residual_edit(start, norm: Callable, *, channels: int, kernel_size: int, dilations: tuple[int, ...], mask: bool):
    """The edit that a residual generator adds to its input, zero at first; ``(B, T, n_mels)`` to the same shape.

    ``norm`` makes a norm over the channels of each frame and applies it.
    """
    n_mels = start.shape[-1]
    x = SilencePadding(kernel_size // 2)(start)
    x = MaskBand()(x) if mask else x
    x = layers.Conv1D(channels, kernel_size, padding="valid", kernel_initializer="he_uniform")(x)
    for dilation in dilations:
        y = leaky_relu()(norm(x))
        y = layers.Conv1D(
            channels, kernel_size, dilation_rate=dilation, padding="same", kernel_initializer="he_uniform"
        )(y)
        y = layers.Conv1D(channels, 1, kernel_initializer="he_uniform")(leaky_relu()(y))
        x = layers.Add()([x, y])
    x = leaky_relu()(norm(x))
    return layers.Conv1D(n_mels, kernel_size, padding="same", kernel_initializer="zeros", dtype="float32")(x)
