"""Change the sampling rate of a stream, block by block."""

import numpy as np
import soxr


def resampled_length(frames: int, in_rate: int, out_rate: int) -> int:
    """Frames that `Resampler` makes of so many.

    >>> resampled_length(2001, 44100, 22050)
    1001
    """
    return (2 * frames * out_rate + in_rate) // (2 * in_rate)


class Resampler:
    """Soxr's high-quality resampler, fed in blocks; the blocks leave no trace in the result.

    For `n` frames in, the whole output has ``floor(n * out_rate / in_rate + 1 / 2)`` frames, without delay.

    Parameters
    ----------
    in_rate, out_rate : int
        Sampling rates in hertz. When they are equal, blocks pass through untouched.
    channels : int
        Channels of every block.

    Examples
    --------
    >>> import numpy as np
    >>> resampler = Resampler(44100, 22050, channels=2)
    >>> first = resampler.process(np.zeros((1000, 2), np.float32))
    >>> rest = resampler.process(np.zeros((1001, 2), np.float32), last=True)
    >>> len(first) + len(rest)
    1001
    """

    def __init__(self, in_rate: int, out_rate: int, channels: int):
        same = in_rate == out_rate
        self._stream = None if same else soxr.ResampleStream(in_rate, out_rate, channels, dtype="float32")

    def process(self, block: np.ndarray, last: bool = False) -> np.ndarray:
        """Resample the next `block`.

        Parameters
        ----------
        block : np.ndarray, shape (frames, channels), float32
            May be empty.
        last : bool
            True for the final block: what the filter still holds comes out as well.

        Returns
        -------
        np.ndarray, shape (frames_out, channels), float32
            What is ready so far, possibly nothing.
        """
        if self._stream is None:
            return block
        return self._stream.resample_chunk(np.ascontiguousarray(block, np.float32), last=last)
