"""Log-mels from what is said, how high and how loud, and a voice to say it with."""

import keras
from keras import layers

from melgan_vc.nets.convnext import KERNEL, convnext_blocks, normalised
from melgan_vc.nets.registry import network


@network("decoder", "convnext")
def mel_decoder(n_mels: int, *, columns: int, style: int, channels: int = 256, blocks: int = 6) -> keras.Model:
    """ConvNeXt blocks with conditional layer norm.

    Parameters
    ----------
    n_mels : int
        Mel bands.
    columns : int
        Numbers in a frame of what it is given.
    style : int
        Dimensions of a voice's vector.
    channels, blocks : int
        Width and number of the blocks; each sees three frames on either side.

    Returns
    -------
    keras.Model
        Maps frames ``(B, T, columns)`` and voices ``(B, style)`` to log-mels ``(B, T, n_mels)``, for any ``T``;
        about [-1, 1], and not cut there.
    """
    given = keras.Input((None, columns), name="given")
    voice = keras.Input((style,), name="voice")
    x = normalised(layers.Dense(channels)(given))
    x = convnext_blocks(x, channels, aheads=(KERNEL // 2,) * blocks, style=voice)
    mel = layers.Dense(n_mels, dtype="float32")(normalised(x))
    return keras.Model([given, voice], mel, name="mel_decoder")
