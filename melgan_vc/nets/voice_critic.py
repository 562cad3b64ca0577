"""A critic that is told the voice, and shows what it heard on the way."""

import keras
from keras import layers, ops

from melgan_vc.nets.domain_critics import Projection
from melgan_vc.nets.registry import network

_STRIDES = ((1, 2), (2, 2), (2, 2), (1, 1))


@network("voice_critic", "projection")
def voice_critic(n_mels: int, *, domains: int, channels: int = 32) -> keras.Model:
    """Convolutions over time and mel bands, as `resolution_critic` has them, and a `Projection` for the voice.

    A decoder's fault is a blur, which shows between neighbouring bands. A critic whose channels are the bands, and
    whose layers are spectrally normalised, was as sure of blurred log-mels as of real ones after a thousand steps.

    Parameters
    ----------
    n_mels : int
        Mel bands.
    domains : int
        Voices.
    channels : int
        Width of every layer.

    Returns
    -------
    keras.Model
        Maps ``(B, T, n_mels)`` and voices ``(B,)`` to a list: scores ``(B, ceil(T / 4), ceil(n_mels / 8), 1)``,
        unbounded, then the features of each layer.
    """
    mel = keras.Input((None, n_mels), name="mel")
    domain = keras.Input((), dtype="int32", name="domain")
    x, features = _Bands()(mel), []
    for strides in _STRIDES:
        x = layers.Conv2D(channels, (3, 9) if strides[1] > 1 else 3, strides=strides, padding="same")(x)
        x = layers.LeakyReLU(negative_slope=0.1)(x)
        features.append(x)
    every = layers.Reshape((-1, x.shape[2] * channels))(x)
    of_voice = Projection(domains, dtype="float32")(layers.Dense(channels)(every), domain)
    sound = layers.Conv2D(1, 3, padding="same", dtype="float32")(x)
    scores = layers.Add(dtype="float32")([sound, layers.Reshape((-1, 1, 1))(of_voice)])
    return keras.Model([mel, domain], [scores, *features], name="voice_critic")


class _Bands(layers.Layer):
    """``(B, T, n_mels)`` to ``(B, T, n_mels, 1)``."""

    def call(self, mel):
        return ops.expand_dims(mel, -1)

    def compute_output_shape(self, input_shape):
        return (*input_shape, 1)
