"""What is said, from a log-mel: networks that learn it of a recogniser, or by having to give the log-mel back."""

import keras
from keras import layers

from melgan_vc.nets.convnext import convnext_blocks, normalised, shared_out
from melgan_vc.nets.registry import network


@network("content_encoder", "convnext")
def content_encoder(
    n_mels: int,
    *,
    columns: int,
    channels: int = 256,
    blocks: int = 8,
    look_ahead: int = 12,
    probabilities: bool = False,
) -> keras.Model:
    """ConvNeXt blocks that look no further ahead than they are allowed to.

    Parameters
    ----------
    n_mels : int
        Mel bands.
    columns : int
        Numbers in a frame of what it tells.
    channels, blocks : int
        Width and number of the blocks.
    look_ahead : int
        Frames, in all: the first blocks look ahead as far as the rest of it allows. Those before are free.
    probabilities : bool
        Whether what it tells are probabilities, as of notes.

    Returns
    -------
    keras.Model
        Maps log-mels ``(B, T, n_mels)`` to ``(B, T, columns)``, unbounded or probabilities, for any ``T``.
    """
    mel = keras.Input((None, n_mels), name="mel")
    x = normalised(layers.Dense(channels)(mel))
    x = convnext_blocks(x, channels, aheads=shared_out(look_ahead, blocks))
    bound = "sigmoid" if probabilities else None
    told = layers.Dense(columns, activation=bound, dtype="float32")(normalised(x))
    return keras.Model(mel, told, name="content_encoder")
