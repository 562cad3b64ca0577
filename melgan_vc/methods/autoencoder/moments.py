"""What an encoder with instance norm takes away: a window's moments in training, a file's in conversion."""

import keras
import numpy as np
from keras import ops

from melgan_vc.features.loudness import SOUNDING
from melgan_vc.methods.autoencoder.voices import VoiceDecoder

_KEPT = 0.99  # of what is typical, with each batch
_ENOUGH_TO_TRUST = 100.0  # frames, about a window: as much weight as what is typical


def encoded_by_window(encoder: keras.Model, decoder: VoiceDecoder, mel, *, learns: bool = True):
    """Codes of windows ``(B, L, n_mels)``, each without its own moments; if it learns, what is typical follows."""
    shape = decoder.moments.shape
    code, own = encoder([mel, ops.zeros((ops.shape(mel)[0], *shape))], training=True)
    if learns:
        decoder.moments.assign(_KEPT * decoder.moments + (1.0 - _KEPT) * ops.mean(own, axis=0))
    return code


def encoded_with(encoder, mel: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """Codes ``(B, T, C)`` of pieces of a file ``(B, T, n_mels)``, without its moments ``(layers, 2, channels)``."""
    code, _ = encoder([np.asarray(mel, np.float32), np.broadcast_to(moments, (len(mel), *moments.shape))])
    return ops.convert_to_numpy(code)


def moments_of_file(encoder, mel: np.ndarray, loudness: np.ndarray, typical: np.ndarray) -> np.ndarray:
    """Moments of a file, layer by layer, of what sounds in it; the less of it the more they lean on what is typical.

    Parameters
    ----------
    encoder : callable
        See `melgan_vc.nets.normed_encoder.normed_encoder`.
    mel, loudness : np.ndarray
        Shapes ``(T, n_mels)`` and ``(T,)``. Pauses are cut out: how long they are is no part of a voice.
    typical : np.ndarray
        Shape ``(layers, 2, channels)``.

    Returns
    -------
    np.ndarray
        Shape ``(layers, 2, channels)``, float32.
    """
    heard = mel[loudness > SOUNDING]
    if not len(heard):
        return typical
    _, own = encoder([np.asarray(heard[None], np.float32), np.zeros((1, *typical.shape), np.float32)])
    share = len(heard) / (len(heard) + _ENOUGH_TO_TRUST)
    return (share * ops.convert_to_numpy(own)[0] + (1.0 - share) * typical).astype(np.float32)
