"""The generator of CycleGAN-VC2 and MaskCycleGAN-VC: two dimensions at the ends, one in the middle."""

import keras
from keras import layers

from melgan_vc.errors import MelganVcError
from melgan_vc.nets.edited_mel import EditedMel, ShiftedMel
from melgan_vc.nets.gated_layers import FrameNormalization, GatedLinearUnit, MaskChannel, PixelShuffle
from melgan_vc.nets.registry import network

_BLOCKS = 6


@network("generator", "two_one_two")
def two_one_two_generator(n_mels: int, *, channels: int = 256, shift=None) -> keras.Model:
    """2-1-2D gated network, 16,459,073 trainable parameters at 80 mels and width 1.

    Convolutions over time and mels halve the picture twice; what is left of the mels becomes channels; residual
    blocks work over time alone; and two pixel shuffles bring the picture back. Kaneko et al. 2019, "CycleGAN-VC2",
    with the mask channel of Kaneko et al. 2021, "MaskCycleGAN-VC": the network fills in frames that are `MISSING`.

    Two departures. Instance norm, whose statistics depend on where a chunk was cut, is a norm over the mels and
    channels of each frame, with as many parameters (`FrameNormalization`). And what comes out of the network is an
    edit to its input (`EditedMel`), zero at first: the published one has to learn first of all to copy.

    Parameters
    ----------
    n_mels : int
        Mel bands, a multiple of 4.
    channels : int
        256 times the width of the network, a multiple of 4: 256 is the published one, 64 a quarter of it.
    shift : array, optional
        Shape ``(n_mels, n_mels)``: what is edited is ``(mel + 1) @ shift - 1`` instead of the input itself.

    Returns
    -------
    keras.Model
        Maps ``(B, T, n_mels)`` in [-1, 1], or `MISSING` in whole frames, to the same shape in [-1, 1]; ``T`` must be
        a multiple of 4.

    Raises
    ------
    MelganVcError
        If ``n_mels`` or ``channels`` is not a multiple of 4.
    """
    for name, value in (("mel.n_mels", n_mels), ("method.generator.channels", channels)):
        if value % 4:
            raise MelganVcError(f"Expected {name} to be a multiple of 4 for two_one_two, received: {value}")
    mel = keras.Input((None, n_mels), name="mel")
    start = mel if shift is None else ShiftedMel(shift, dtype="float32")(mel)
    x = layers.Conv2D(channels // 2, (15, 5), padding="same")(MaskChannel()(start))
    x = GatedLinearUnit()(x)
    for filters in (channels, 2 * channels):
        x = layers.Conv2D(filters, 5, strides=2, padding="same")(x)
        x = GatedLinearUnit()(FrameNormalization(dtype="float32")(x))

    folded = n_mels // 4 * channels
    x = layers.Reshape((-1, folded))(x)
    x = _norm()(layers.Conv1D(channels, 1)(x))
    for _ in range(_BLOCKS):
        y = _norm()(layers.Conv1D(2 * channels, 3, padding="same")(x))
        y = _norm()(layers.Conv1D(channels, 3, padding="same")(GatedLinearUnit()(y)))
        x = layers.Add(dtype="float32")([x, y])
    x = _norm()(layers.Conv1D(folded, 1)(x))
    x = layers.Reshape((-1, n_mels // 4, channels))(x)

    for filters in (4 * channels, 2 * channels):
        x = PixelShuffle()(layers.Conv2D(filters, 5, padding="same")(x))
        x = GatedLinearUnit()(FrameNormalization(dtype="float32")(x))
    x = layers.Conv2D(1, (15, 5), padding="same", kernel_initializer="zeros", dtype="float32")(x)
    edit = layers.Reshape((-1, n_mels), dtype="float32")(x)
    return keras.Model(mel, EditedMel(dtype="float32")(start, edit), name="two_one_two_generator")


def _norm() -> keras.layers.Layer:
    """Over the channels of one frame, where the published network has an instance norm over time."""
    return layers.LayerNormalization(epsilon=1e-5, dtype="float32")
