"""The critic of CycleGAN-VC2 and MaskCycleGAN-VC: a score for each patch of a picture."""

import keras
from keras import layers

from melgan_vc.nets.gated_layers import FrameNormalization, GatedLinearUnit
from melgan_vc.nets.registry import network


@network("critic", "gated_patch")
def gated_patch_critic(n_mels: int, *, channels: int = 256) -> keras.Model:
    """Gated convolutions over time and mels, 5,729,281 trainable parameters at width 1.

    Maps ``(B, T, n_mels)`` to scores ``(B, ceil(T / 8), ceil(n_mels / 8), 1)``, unbounded. (Ports end in a
    sigmoid, whose slope goes to 0 where a least-squares loss asks for more.) Kaneko et al. 2019, "CycleGAN-VC2", with
    a norm over each frame in place of instance norm, see `FrameNormalization`.

    Parameters
    ----------
    n_mels : int
        Mel bands.
    channels : int
        256 times the width of the network, a multiple of 4.
    """
    mel = keras.Input((None, n_mels), name="mel")
    x = layers.Reshape((-1, n_mels, 1))(mel)
    x = GatedLinearUnit()(layers.Conv2D(channels // 2, 3, padding="same")(x))
    for filters, kernel, stride in (
        (channels, 3, 2),
        (2 * channels, 3, 2),
        (4 * channels, 3, 2),
        (4 * channels, (5, 1), 1),
    ):
        x = layers.Conv2D(filters, kernel, strides=stride, padding="same")(x)
        x = GatedLinearUnit()(FrameNormalization(dtype="float32")(x))
    x = layers.Conv2D(1, (3, 1), padding="same", dtype="float32")(x)
    return keras.Model(mel, x, name="gated_patch_critic")
