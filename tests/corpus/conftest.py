"""Tiny recordings to prepare."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from melgan_vc.config.corpus import CorpusConfig
from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus.prepare import prepare
from melgan_vc.corpus.store import FrameFile, FrameStore
from melgan_vc.features.log_mel import LogMel

MEL = MelConfig(n_fft=256, hop_length=64, n_mels=16)
CORPUS = CorpusConfig(trim_silence=False, level_db=None, held_out=0.0)


@pytest.fixture
def record(tmp_path):
    """``record(name, wave, rate=16000)`` writes a file under ``tmp_path`` and returns its path."""

    def write(name, wave, *, rate=16000, subtype="FLOAT") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, wave, rate, subtype=subtype)
        return path

    return write


@pytest.fixture
def prepared(tmp_path):
    """``prepared(folder, mel=..., **corpus settings)`` with one cache for the test."""

    def call(folder="a", *, mel=MEL, **settings):
        corpus = CORPUS.model_copy(update=settings)
        return prepare(tmp_path / folder, mel=mel, corpus=corpus, cache=tmp_path / "cache", progress=False)

    return call


@pytest.fixture
def make_store(tmp_path):
    """A store of files in which cell (t, m) of file f is ``-0.9 + 0.1 f + 0.0001 t`` for every m."""

    def make(frame_counts, *, n_mels=8) -> FrameStore:
        files = []
        for index, frames in enumerate(frame_counts):
            values = -0.9 + 0.1 * index + 0.0001 * np.arange(frames)
            path = tmp_path / f"{index}.npy"
            np.save(path, np.repeat(values[:, None], n_mels, axis=1).astype(np.float16))
            files.append(FrameFile(Path(f"{index}.wav"), (path,), frames))
        return FrameStore(files, [LogMel(MelConfig(n_fft=256, hop_length=64, n_mels=n_mels))])

    return make
