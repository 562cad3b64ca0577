"""Streams of sound, cut otherwise: into rows of so many samples, or to a length."""

from collections.abc import Iterable, Iterator

import numpy as np

BLOCK = 65536
"""Samples of a block of `exactly`."""


def in_rows(blocks: Iterable[np.ndarray], samples: int) -> Iterator[np.ndarray]:
    """Blocks ``(n, channels)`` as rows ``(T, samples * channels)``; the last row is filled up with silence."""
    pending = None
    for block in blocks:
        pending = block if pending is None else np.concatenate([pending, block])
        whole = len(pending) - len(pending) % samples
        if whole:
            yield pending[:whole].reshape(-1, samples * pending.shape[1])
            pending = pending[whole:]
    if pending is not None and len(pending):
        filled = np.zeros((samples, pending.shape[1]), pending.dtype)
        filled[: len(pending)] = pending
        yield filled.reshape(1, -1)


def exactly(blocks: Iterable[np.ndarray], samples: int, channels: int) -> Iterator[np.ndarray]:
    """Cut or pad a stream of ``(n, channels)`` to a number of samples, in blocks of one size: streams go in step."""
    pending, left = np.zeros((0, channels), np.float32), samples
    for block in blocks:
        pending = np.concatenate([pending, block])
        while len(pending) >= BLOCK and left > 0:
            yield pending[: min(BLOCK, left)]
            left -= min(BLOCK, left)
            pending = pending[BLOCK:]
    while left > 0:
        part = np.zeros((min(BLOCK, left), channels), np.float32)
        kept = pending[: len(part)]
        part[: len(kept)] = kept
        yield part
        pending, left = pending[len(part) :], left - len(part)
