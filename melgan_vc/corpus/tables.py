"""The frame tables of one measured file, and its waveform, written without holding them in memory."""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from melgan_vc.audio.files import AudioReader
from melgan_vc.audio.loudness import gain
from melgan_vc.config.corpus import CorpusConfig
from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus.measure import Measures, blocks_until


def write_table(target: Path, frames: Iterable[np.ndarray], *, shape: tuple[int, int]) -> None:
    """Write frames as ``.npy``.

    Parameters
    ----------
    target : Path
        Where to: ``(frames, columns)``, float16, whose rounding is below 0.03 dB of a log-mel.
    frames : iterable of np.ndarray
        Consecutive pieces ``(t, columns)``, as `Feature.stream` gives them.
    shape : tuple of int
        Frames in all, and columns.
    """
    out = np.lib.format.open_memmap(target, mode="w+", dtype=np.float16, shape=shape)
    row = 0
    for piece in frames:
        out[row : row + len(piece)] = piece
        row += len(piece)
    out.flush()


def write_waveform(target: Path, blocks: Iterable[np.ndarray], *, samples: int) -> None:
    """Write the waveform itself: ``(samples,)``, float16, whose rounding is 66 dB below each sample."""
    out = np.lib.format.open_memmap(target, mode="w+", dtype=np.float16, shape=(samples,))
    at = 0
    for block in blocks:
        kept = block[: samples - at]
        out[at : at + len(kept)] = kept
        at += len(kept)
    out.flush()


def levelled_blocks(
    path: Path,
    wave: np.ndarray | None,
    *,
    measures: Measures,
    mel: MelConfig,
    corpus: CorpusConfig,
    stop: threading.Event,
) -> Iterator[np.ndarray]:
    """A file's stretches in pieces ``(samples,)``, at the features' rate and level.

    Parameters
    ----------
    path : Path
        The audio file; decoded only without ``wave``.
    wave : np.ndarray or None
        Its mono mix ``(samples,)`` at ``mel.rate``, where that is at hand.
    measures : Measures
        What `measure_file` found.
    mel, corpus : MelConfig, CorpusConfig
        The settings.
    stop : threading.Event
        Raises `CancelledError` soon after it is set.
    """
    factor = 1.0
    if corpus.level_db is not None and measures.level_db is not None:
        factor = gain(measures.level_db, corpus.level_db)
    blocks = [wave] if wave is not None else _decoded(path, mel.rate, measures, stop)
    if measures.offset:
        blocks = (block - np.float32(measures.offset) for block in blocks)
    return (part * np.float32(factor) for part in _cut(blocks, measures.stretches))


def _decoded(path: Path, rate: int, measures: Measures, stop: threading.Event) -> Iterator[np.ndarray]:
    with AudioReader(path, rate=rate) as reader:
        yield from (measures.mono(block) for block in blocks_until(stop, reader))


def _cut(blocks: Iterable[np.ndarray], stretches: tuple[tuple[int, int], ...]) -> Iterator[np.ndarray]:
    """The parts of a waveform in blocks that lie within sorted stretches of it."""
    begin, current = 0, 0
    for block in blocks:
        end = begin + len(block)
        while current < len(stretches) and stretches[current][0] < end:
            start, stop = stretches[current]
            if stop > begin:
                yield block[max(start - begin, 0) : stop - begin]
            if stop > end:
                break
            current += 1
        begin = end
