"""A stream of frames through a pass of fixed reach, chunk by chunk, as if it had seen the whole."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

CHUNK_FRAMES = 512
"""Frames that conversion keeps of each chunk."""

Pass = Callable[[np.ndarray], np.ndarray]
"""Windows of frames ``(B, T, C)`` to ``(B, T * k, ...)``: ``k`` rows of the result for each frame."""


class Reach(NamedTuple):
    """How far a pass sees.

    Attributes
    ----------
    before, after : int
        Frames before and after a frame that its result depends on, multiples of ``stride``.
    stride : int
        It is the same function for every window that starts at a multiple of so many frames.
    """

    before: int
    after: int
    stride: int = 1


class ChunkedPass:
    """Takes frames as they come, and gives what a pass makes of them as soon as it can be known.

    ::

        frames    bef|--- chunk 1 ---|aft
                              bef|--- chunk 2 ---|aft
        kept         |--- chunk 1 ---|--- chunk 2 ---|

    Each chunk goes through the pass with as many frames before and after it as its result can depend on, whose own
    results are discarded; outside of the stream there is silence. So where the cuts are makes no difference. (A
    cross-fade would blend two wrong edges instead.)

    Parameters
    ----------
    run : callable
        The pass, see `Pass`.
    reach : Reach
        Of the pass.
    silence : np.ndarray
        Shape ``(C,)``: a frame outside of the stream.
    chunk : int
        Frames kept of each window, a multiple of the stride.
    batch : int
        Windows that go through together while there are as many.
    rows : int
        Rows of the result for each frame.
    same_length : bool
        Whether the last window is filled up with silence to the length of the others, for a pass that is compiled for
        each length; else it is as short as it can be.
    any_batch : bool
        Whether the windows that are left at the end go through together, for a pass whose every call costs something;
        else each goes alone, so that a pass is compiled for two numbers of windows and no more.
    """

    def __init__(
        self,
        run: Pass,
        *,
        reach: Reach,
        silence: np.ndarray,
        chunk: int = CHUNK_FRAMES,
        batch: int = 1,
        rows: int = 1,
        same_length: bool = True,
        any_batch: bool = False,
    ):
        if chunk % reach.stride or reach.before % reach.stride or reach.after % reach.stride:
            raise ValueError(
                f"Expected chunk and reach to be multiples of the stride {reach.stride}, received: chunk={chunk}, "
                f"before={reach.before}, after={reach.after}"
            )
        self._run = run
        self._reach = reach
        self._silence = np.asarray(silence, np.float32)
        self._chunk, self._batch, self._rows = chunk, batch, rows
        self._same_length, self._any_batch = same_length, any_batch
        self._held = self._silent(reach.before)

    def push(self, frames: np.ndarray) -> Iterator[np.ndarray]:
        """Take the next frames ``(T, C)``; yields pieces of the result, one after the other."""
        before, after, _ = self._reach
        window, span = before + self._chunk + after, self._batch * self._chunk
        self._held = np.concatenate([self._held, frames])
        while len(self._held) >= before + span + after:
            starts = range(0, span, self._chunk)
            yield self._kept(np.stack([self._held[start : start + window] for start in starts]), self._chunk)
            self._held = self._held[span:]

    def end(self) -> Iterator[np.ndarray]:
        """What is left when no more frames come."""
        before, after, stride = self._reach
        left = len(self._held) - before
        self._held = np.concatenate([self._held, self._silent(self._chunk + after)])
        while left > 0:
            together = min(self._batch, -(-left // self._chunk)) if self._any_batch else 1
            wanted = min(self._chunk, left)
            length = before + (self._chunk if self._same_length else -(-wanted // stride) * stride) + after
            starts = range(0, together * self._chunk, self._chunk)
            windows = np.stack([self._held[start : start + length] for start in starts])
            yield self._kept(windows, wanted)[: left * self._rows]
            self._held = self._held[together * self._chunk :]
            left -= together * wanted
        self._held = self._silent(before)

    def stream(self, pieces: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """Consecutive pieces of frames ``(T, C)``, of any lengths, to consecutive pieces of the result."""
        for piece in pieces:
            yield from self.push(piece)
        yield from self.end()

    def _kept(self, windows: np.ndarray, wanted: int) -> np.ndarray:
        """The results of the wanted frames of windows ``(B, T, C)``, one after the other."""
        first = self._reach.before * self._rows
        kept = self._run(windows)[:, first : first + wanted * self._rows]
        return kept.reshape(-1, *kept.shape[2:])

    def _silent(self, frames: int) -> np.ndarray:
        return np.broadcast_to(self._silence, (frames, len(self._silence))).copy()
