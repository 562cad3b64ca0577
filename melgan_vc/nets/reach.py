"""How far a network sees: measured on the network itself, so that it holds for any architecture."""

from collections.abc import Callable

import numpy as np

from melgan_vc.audio.chunks import Reach
from melgan_vc.errors import MelganVcError

_SHORTEST, _WIDEST = 64, 8192
_LARGEST_STRIDE = 64


def measure_reach(
    network: Callable[[np.ndarray], np.ndarray], *, columns: int, rows: int = 1, name: str = "network"
) -> Reach:
    """Frames before and after a frame that its result depends on.

    One input frame is replaced with NaN: every result that depends on it turns NaN, whatever the weights are, because
    NaN times zero is NaN.

    Parameters
    ----------
    network : callable
        Maps frames ``(1, T, columns)`` to ``(1, T * rows, ...)``, for any ``T`` that is a multiple of its stride.
    columns : int
        Numbers in a frame.
    rows : int
        Rows of the result for each frame.
    name : str
        What to call it in an error.

    Returns
    -------
    Reach
        In frames, and rounded up to multiples of its stride.

    Raises
    ------
    MelganVcError
        If every result depends on every frame, as with a norm over time: such a network cannot stream.
    """
    stride = _measure_stride(network, columns, rows)
    length = _SHORTEST * stride
    while length <= _WIDEST:
        before = after = 0
        touches_edge = False
        for phase in range(stride):
            frames = np.zeros((1, length, columns), np.float32)
            at = length // 2 // stride * stride + phase
            frames[0, at] = np.nan
            heard = np.isnan(np.asarray(network(frames))[0]).reshape(length, -1)
            affected = np.flatnonzero(heard.any(axis=1))
            touches_edge |= bool(affected[0] == 0 or affected[-1] == length - 1)
            before, after = max(before, int(affected[-1]) - at), max(after, at - int(affected[0]))
        if not touches_edge:
            return Reach(-(-before // stride) * stride, -(-after // stride) * stride, stride)
        length *= 4
    raise MelganVcError(
        f"Expected a network whose frames depend on at most {_WIDEST // 2} frames, received: {name}, whose output "
        "depends on the whole input. A norm over time does that; normalise over the channels of one frame instead."
    )


def _measure_stride(network: Callable[[np.ndarray], np.ndarray], columns: int, rows: int) -> int:
    """The fewest frames, a power of two, that come back as as many: a network that halves time needs whole halves."""
    stride, failure = 1, None
    while stride <= _LARGEST_STRIDE:
        try:
            if np.shape(network(np.zeros((1, stride, columns), np.float32)))[1] == stride * rows:
                return stride
        except Exception as error:  # each engine has its own for halves that do not meet
            failure = error
        stride *= 2
    raise failure or ValueError(
        f"Expected as many frames as came in, received: others for up to {stride // 2} frames"
    )
