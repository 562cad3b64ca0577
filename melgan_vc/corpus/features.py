"""The log-mel spectrogram of one measured file, written without holding it in memory."""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from melgan_vc.audio.files import AudioReader
from melgan_vc.audio.loudness import gain
from melgan_vc.audio.mel import stream_log_mel
from melgan_vc.corpus.measure import Measures, blocks_until
from melgan_vc.corpus_config import CorpusConfig
from melgan_vc.mel_config import MelConfig


def write_features(
    target: Path,
    path: Path,
    wave: np.ndarray | None,
    *,
    measures: Measures,
    mel: MelConfig,
    corpus: CorpusConfig,
    stop: threading.Event,
) -> None:
    """Write the log-mel spectrogram of a file's stretches, levelled, as ``.npy``.

    Parameters
    ----------
    target : Path
        Where to: ``(mel.frames(measures.samples), n_mels)``, float16, whose rounding is below 0.03 dB.
    path : Path
        The audio file; decoded only without ``wave``.
    wave : np.ndarray or None
        Its mono mix ``(samples,)`` at ``mel.rate``, where that is at hand.
    measures : Measures
        What `measure` found.
    mel, corpus : MelConfig, CorpusConfig
        The settings.
    stop : threading.Event
        Raises `CancelledError` soon after it is set.
    """
    shape = (mel.frames(measures.samples), mel.n_mels)
    out = np.lib.format.open_memmap(target, mode="w+", dtype=np.float16, shape=shape)
    row = 0
    levelled = levelled_blocks(path, wave, measures=measures, mel=mel, corpus=corpus, stop=stop)
    for frames in stream_log_mel(levelled, mel):
        out[row : row + len(frames)] = frames
        row += len(frames)
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
    """A file's stretches in pieces ``(samples,)``, at the features' rate and level; see `write_features`."""
    factor = 1.0
    if corpus.level_db is not None and measures.level_db is not None:
        factor = gain(measures.level_db, corpus.level_db)
    blocks = [wave] if wave is not None else _decoded(path, mel.rate, stop)
    return (part * np.float32(factor) for part in _cut(blocks, measures.stretches))


def _decoded(path: Path, rate: int, stop: threading.Event) -> Iterator[np.ndarray]:
    with AudioReader(path, rate=rate) as reader:
        yield from (block.mean(axis=1) for block in blocks_until(stop, reader))


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
