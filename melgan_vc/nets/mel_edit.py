"""An edit of a log-mel that is there already: what a decoder made, brought nearer to what is recorded."""

import keras
from keras import layers

from melgan_vc.nets.convnext import KERNEL, convnext_blocks, normalised
from melgan_vc.nets.registry import network


@network("edit", "convnext")
def mel_edit(n_mels: int, *, style: int, channels: int = 192, blocks: int = 4) -> keras.Model:
    """ConvNeXt blocks that are told the voice, and add something to the log-mel: untrained, nothing at all.

    Parameters
    ----------
    n_mels : int
        Mel bands.
    style : int
        Dimensions of a voice's vector.
    channels, blocks : int
        Width and number of the blocks; each sees three frames on either side.

    Returns
    -------
    keras.Model
        Maps log-mels ``(B, T, n_mels)`` and voices ``(B, style)`` to log-mels of the same shape, for any ``T``.
    """
    mel = keras.Input((None, n_mels), name="mel")
    voice = keras.Input((style,), name="voice")
    x = convnext_blocks(
        normalised(layers.Dense(channels)(mel)), channels, aheads=(KERNEL // 2,) * blocks, style=voice
    )
    edit = layers.Dense(n_mels, kernel_initializer="zeros", dtype="float32")(normalised(x))
    return keras.Model([mel, voice], layers.Add(dtype="float32")([mel, edit]), name="mel_edit")
