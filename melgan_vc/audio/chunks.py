"""A log-mel of any length through a network of fixed reach, chunk by chunk, as if it had seen the whole."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from melgan_vc.audio.mel import SILENCE

Translate = Callable[[np.ndarray], np.ndarray]
"""A batch of log-mels ``(B, T, n_mels)`` to a batch of the same shape."""

CHUNK_FRAMES = 512
"""Frames that conversion keeps of each chunk."""


def translate_in_chunks(
    mels: Iterable[np.ndarray],
    translate: Translate,
    *,
    context: int,
    chunk: int = CHUNK_FRAMES,
    batch: int = 4,
    stride: int = 1,
) -> Iterator[np.ndarray]:
    """Translate a stream of log-mel frames in constant memory.

    ::

        frames    ..ctx|--- chunk 1 ---|ctx..
                            ..ctx|--- chunk 2 ---|ctx..
        kept           |--- chunk 1 ---|--- chunk 2 ---|

    Each chunk goes through the network with ``context`` more frames on both sides, whose output is discarded; outside
    of the file the context is silence. With a context of the network's receptive field the result does not depend on
    where the cuts are. (A cross-fade would blend two wrong edges instead.)

    Parameters
    ----------
    mels : iterable of np.ndarray
        Consecutive pieces ``(frames, n_mels)`` in [-1, 1], of any lengths.
    translate : callable
        Translates a batch of equally long log-mels.
    context : int
        Frames on either side, a multiple of ``stride``; see `melgan_vc.nets.receptive_field`.
    chunk : int
        Frames kept of each chunk, a multiple of ``stride``.
    batch : int
        Chunks translated together.
    stride : int
        The network's total stride.

    Yields
    ------
    np.ndarray
        Consecutive pieces ``(frames, n_mels)``; as many frames in all as came in.
    """
    if chunk % stride or context % stride:
        raise ValueError(
            f"Expected chunk and context to be multiples of the stride {stride}, received: {chunk}, {context}"
        )
    window, span = chunk + 2 * context, batch * chunk
    pending, frames, translated = None, 0, 0
    for piece in mels:
        frames += len(piece)
        pending = _silence(context, piece.shape[1]) if pending is None else pending
        pending = np.concatenate([pending, piece])
        while len(pending) >= span + 2 * context:
            windows = np.stack([pending[start : start + window] for start in range(0, span, chunk)])
            yield _kept(translate(windows), context)
            pending = pending[span:]
            translated += span
    while translated < frames:
        padded = _silence(window, pending.shape[1])
        padded[: len(pending)] = pending[:window]
        kept = _kept(translate(padded[None]), context)[: frames - translated]
        yield kept
        pending = pending[chunk:]
        translated += len(kept)


def _silence(frames: int, n_mels: int) -> np.ndarray:
    return np.full((frames, n_mels), SILENCE, np.float32)


def _kept(windows: np.ndarray, context: int) -> np.ndarray:
    """``(B, context + chunk + context, M)`` to ``(B * chunk, M)``."""
    kept = windows[:, context : windows.shape[1] - context]
    return kept.reshape(-1, windows.shape[-1])
