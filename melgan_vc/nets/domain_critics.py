"""Critics for many domains, and a classifier that tells them apart."""

import keras
from keras import layers, ops

from melgan_vc.nets.layers import SilencePadding, leaky_relu
from melgan_vc.nets.patch_critic import SCORED_STRIDES, critic_features
from melgan_vc.nets.registry import network


@keras.saving.register_keras_serializable("melgan_vc")
class Projection(layers.Layer):
    """How far features point in the direction of a domain; ``(B, T, C), (B,) int -> (B, T, 1)``.

    The inner product with an embedding of the domain, of Miyato and Koyama 2018, "cGANs with projection
    discriminator", divided by the square root of C.
    """

    def __init__(self, domains: int, **options):
        super().__init__(**options)
        self.domains = domains

    def build(self, features_shape, domain_shape):
        self.directions = self.add_weight(
            shape=(self.domains, features_shape[-1]), initializer="random_normal", name="directions"
        )

    def call(self, features, domain):
        wanted = ops.take(self.directions, domain, axis=0)[:, None, :]
        return ops.sum(features * wanted, axis=-1, keepdims=True) / float(features.shape[-1]) ** 0.5

    def compute_output_shape(self, features_shape, domain_shape):
        return (*features_shape[:-1], 1)

    def get_config(self):
        return {**super().get_config(), "domains": self.domains}


@network("domain_critic", "projection")
def projection_critic(n_mels: int, *, domains: int, channels: int = 256) -> keras.Model:
    """`patch_critic` for many domains: is this sound, and is it of that domain?

    Maps ``(B, T, n_mels)`` and domains ``(B,)`` to scores ``(B, ceil(T / 4), 1)``, unbounded; each sees 37 frames.
    """
    mel = keras.Input((None, n_mels), name="mel")
    domain = keras.Input((), dtype="int32", name="domain")
    features = critic_features(mel, channels, strides=SCORED_STRIDES)
    sound = layers.Conv1D(1, 1, dtype="float32")(features)
    scores = layers.Add(dtype="float32")([sound, Projection(domains, dtype="float32")(features, domain)])
    return keras.Model([mel, domain], scores, name="projection_critic")


@network("domain_critic", "patch")
def shared_critic(n_mels: int, *, domains: int, channels: int = 256) -> keras.Model:
    """`patch_critic`, called like `projection_critic`: is this sound of any domain at all?"""
    mel = keras.Input((None, n_mels), name="mel")
    domain = keras.Input((), dtype="int32", name="domain")
    features = critic_features(mel, channels, strides=SCORED_STRIDES)
    return keras.Model([mel, domain], layers.Conv1D(1, 1, dtype="float32")(features), name="shared_critic")


@network("classifier", "strided")
def domain_classifier(n_mels: int, *, domains: int, channels: int = 192) -> keras.Model:
    """Which domain a clip is of; ``(B, T, n_mels) -> (B, domains)`` logits, for any ``T``.

    Logits of stretches of half a second are averaged, so that each of them has to be of the domain: an utterance as a
    whole would give away its language, which is not the speaker.
    """
    mel = keras.Input((None, n_mels), name="mel")
    x = SilencePadding(1)(mel)
    for kernel, stride, padding in ((3, 1, "valid"), (5, 2, "same"), (5, 2, "same"), (3, 1, "same")):
        x = layers.Conv1D(channels, kernel, strides=stride, padding=padding, kernel_initializer="he_uniform")(x)
        x = leaky_relu()(layers.LayerNormalization(dtype="float32")(x))
    logits = layers.Conv1D(domains, 1, dtype="float32")(x)
    return keras.Model(mel, layers.GlobalAveragePooling1D(dtype="float32")(logits), name="domain_classifier")
