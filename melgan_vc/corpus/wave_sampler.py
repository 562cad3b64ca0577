"""Random windows of waveforms with the log-mels of them, the same for the same seed and step."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from melgan_vc.audio.mel import window_log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus.mapped_arrays import MappedArrays


@dataclass(frozen=True)
class WaveFile:
    """What a vocoder learns from one file.

    Attributes
    ----------
    waveform : Path
        ``.npy``, ``(samples,)``, float16.
    frames : int
        Its length in frames.
    start : Path or None
        ``.npy`` of the same shape or longer: what the vocoder starts from.
    features : Path or None
        ``.npy``, ``(frames, n_mels)``, float16: log-mels to give the vocoder in place of the waveform's own, such as
        a model's conversion of them.
    """

    waveform: Path
    frames: int
    start: Path | None = None
    features: Path | None = None


class WaveSampler:
    """Batches of random windows: a log-mel, the waveform that it is of, and one to start from.

    A file is drawn in proportion to its frames. The batch of a step is a pure function of seed and step.

    Parameters
    ----------
    files : sequence of WaveFile
        All with a start, or none.
    mel : MelConfig
        Of the log-mels.
    length : int
        Frames in a window.
    batch_size : int
        Windows in a batch.
    seed : int
        Non-negative.
    gain_db : tuple of float
        Least and most of the random gain of a window. Windows with ``features`` get none.
    """

    def __init__(
        self,
        files: Sequence[WaveFile],
        *,
        mel: MelConfig,
        length: int,
        batch_size: int,
        seed: int,
        gain_db: tuple[float, float] = (0.0, 0.0),
    ):
        if not files:
            raise ValueError("Expected waveforms to draw from, received: none")
        self.files = tuple(files)
        self.mel = mel
        self.length = length
        self.batch_size = batch_size
        self.seed = seed
        self.gain_db = gain_db
        self._counts = np.array([file.frames for file in files], np.int64)
        self._ends = np.cumsum(self._counts)
        self._arrays = MappedArrays(functools.partial(np.load, mmap_mode="r"))

    def batch(self, step: int) -> tuple[np.ndarray, ...]:
        """The windows of a step, float32.

        Returns
        -------
        tuple of np.ndarray
            Log-mels ``(B, length, n_mels)``; waveforms ``(B, (length - 1) * hop_length + n_fft)`` whose first window
            is that of the first frame; and, where files have them, starts of that shape.
        """
        draw = np.random.default_rng([self.seed, step, 5_000])
        rows = [self._window(draw) for _ in range(self.batch_size)]
        return tuple(np.stack(column) for column in zip(*rows, strict=True))

    def _window(self, draw: np.random.Generator) -> tuple[np.ndarray, ...]:
        file_index = int(np.searchsorted(self._ends, draw.integers(self._ends[-1]), side="right"))
        spare = int(self._counts[file_index]) - self.length
        first = int(np.sign(spare) * draw.integers(abs(spare) + 1))
        gain = np.float32(10.0 ** (draw.uniform(*self.gain_db) / 20.0))
        file, low = self.files[file_index], first * self.mel.hop_length - self.mel.n_fft // 2
        samples = (self.length - 1) * self.mel.hop_length + self.mel.n_fft
        if file.features is not None:
            gain = np.float32(1.0)
            given = _cut(self._arrays[file.features], first, self.length, outside=-1.0)
        wave = gain * _cut(self._arrays[file.waveform], low, samples)
        if file.features is None:
            given = window_log_mel(wave, self.mel)
        if file.start is None:
            return given, wave
        return given, wave, gain * _cut(self._arrays[file.start], low, samples)


def _cut(array: np.ndarray, first: int, length: int, *, outside: float = 0.0) -> np.ndarray:
    """``length`` rows from ``first`` on as float32; beyond the ends they are ``outside``."""
    out = np.full((length, *array.shape[1:]), outside, np.float32)
    low, high = max(first, 0), min(first + length, len(array))
    if low < high:
        out[low - first : high - first] = array[low:high]
    return out
