"""How far a generator sees: measured on the network itself, so that it holds for any architecture."""

import keras
import numpy as np

from melgan_vc.errors import MelganVcError

_WIDEST = 8192


def receptive_field(generator: keras.Model, *, n_mels: int, stride: int) -> int:
    """Frames on either side of an output frame that can change it.

    One input frame is replaced with NaN: every output frame that depends on it turns NaN, whatever the weights
    are, because NaN times zero is NaN.

    Parameters
    ----------
    generator : keras.Model
        Maps ``(1, T, n_mels)`` to the same shape, for any ``T`` that is a multiple of ``stride``.
    n_mels : int
        Mel bands.
    stride : int
        The generator's total stride: it is the same function for every chunk that starts at a multiple of it.

    Returns
    -------
    int
        The reach in frames, rounded up to a multiple of ``stride``.

    Raises
    ------
    MelganVcError
        If every output depends on every input, as with a norm over time: such a generator cannot stream.
    """
    length = 64 * stride
    while length <= _WIDEST:
        reach, touches_edge = 0, False
        for phase in range(stride):
            mel = np.zeros((1, length, n_mels), np.float32)
            at = length // 2 // stride * stride + phase
            mel[0, at] = np.nan
            output = keras.ops.convert_to_numpy(generator(mel, training=False))[0]
            affected = np.flatnonzero(np.isnan(output).any(axis=1))
            touches_edge |= bool(affected[0] == 0 or affected[-1] == length - 1)
            reach = max(reach, at - affected[0], affected[-1] - at)
        if not touches_edge:
            return -(-int(reach) // stride) * stride
        length *= 4
    raise MelganVcError(
        f"Expected a generator whose output frames depend on at most {_WIDEST // 2} frames, received: "
        f"{generator.name}, whose outputs depend on the whole input. A norm over time does that; "
        "normalise over the channels of one frame instead."
    )
