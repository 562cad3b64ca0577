"""The waveform of a file as its features hear it: trimmed, levelled, at their rate, beside them in the cache."""

import threading
from pathlib import Path

import numpy as np

from melgan_vc.corpus.features import levelled_blocks
from melgan_vc.corpus.measure import Measures
from melgan_vc.corpus_config import CorpusConfig
from melgan_vc.mel_config import MelConfig


def write_waveform(
    target: Path,
    path: Path,
    wave: np.ndarray | None,
    *,
    measures: Measures,
    mel: MelConfig,
    corpus: CorpusConfig,
    stop: threading.Event,
) -> None:
    """Write the stretches of a file that features are made of, levelled, as ``.npy``; see `write_features`.

    ``(measures.samples,)``, float16: its rounding is 66 dB below each sample.
    """
    out = np.lib.format.open_memmap(target, mode="w+", dtype=np.float16, shape=(measures.samples,))
    at = 0
    for block in levelled_blocks(path, wave, measures=measures, mel=mel, corpus=corpus, stop=stop):
        kept = block[: len(out) - at]
        out[at : at + len(kept)] = kept
        at += len(kept)
    out.flush()
