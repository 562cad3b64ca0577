"""The frame tables of one measured file, and its waveform, written without holding them in memory."""

import math
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
    _write_array(target, frames, shape=shape)


def write_waveform(target: Path, blocks: Iterable[np.ndarray], *, samples: int) -> None:
    """Write the waveform itself: ``(samples,)``, float16, whose rounding is 66 dB below each sample."""
    _write_array(target, blocks, shape=(samples,))


def is_whole(place: Path, *, shape: tuple[int, ...]) -> bool:
    """Whether a file is what `write_table` or `write_waveform` makes, as far as its size and header tell."""
    try:
        with place.open("rb") as file:
            if np.lib.format.read_magic(file) != (1, 0):
                return False
            found, fortran_order, dtype = np.lib.format.read_array_header_1_0(file)
            size = file.tell() + dtype.itemsize * math.prod(found)
            return (found, fortran_order, dtype) == (shape, False, np.float16) and place.stat().st_size == size
    except Exception:  # whatever its bytes were taken for
        return False


def _write_array(target: Path, pieces: Iterable[np.ndarray], *, shape: tuple[int, ...]) -> None:
    """Write pieces one after the other; what is beyond the shape is left out, what is missing is 0.

    Not through a memory map: on a full disk that would kill the process, and a power cut would leave a file of the
    right size with holes in it.
    """
    header = {"descr": np.lib.format.dtype_to_descr(np.dtype(np.float16)), "fortran_order": False, "shape": shape}
    left = shape[0]
    with target.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for piece in pieces:
            kept = np.ascontiguousarray(piece[:left], np.float16)
            file.write(kept.data)
            left -= len(kept)
        file.write(bytes(2 * left * math.prod(shape[1:])))


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
