"""A critic that is told the voice, and shows what it heard on the way."""

import keras
from keras import layers

from melgan_vc.nets.domain_critics import Projection
from melgan_vc.nets.patch_critic import SCORED_STRIDES, critic_layers
from melgan_vc.nets.registry import network


@network("voice_critic", "projection")
def voice_critic(n_mels: int, *, domains: int, channels: int = 256) -> keras.Model:
    """`projection_critic`, for feature matching.

    Maps ``(B, T, n_mels)`` and domains ``(B,)`` to a list: scores ``(B, ceil(T / 4), 1)``, unbounded, then the
    features of each layer.
    """
    mel = keras.Input((None, n_mels), name="mel")
    domain = keras.Input((), dtype="int32", name="domain")
    features = critic_layers(mel, channels, strides=SCORED_STRIDES)
    sound = layers.Conv1D(1, 1, dtype="float32")(features[-1])
    scores = layers.Add(dtype="float32")([sound, Projection(domains, dtype="float32")(features[-1], domain)])
    return keras.Model([mel, domain], [scores, *features], name="voice_critic")
