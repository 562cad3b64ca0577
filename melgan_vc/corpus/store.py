"""The features of one domain: memory-mapped files, read a crop at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from melgan_vc.audio.mel import SILENCE
from melgan_vc.corpus.open_arrays import OpenArrays


@dataclass(frozen=True)
class FeatureFile:
    """One file of a store.

    Attributes
    ----------
    source : Path
        The audio file.
    features : Path
        Its log-mel spectrogram: ``.npy``, ``(frames, n_mels)``, float16.
    frames : int
        Its length in frames.
    waveform : Path or None
        What they were made of, trimmed and levelled: ``.npy``, ``(samples,)``, float16, where it was asked for.
    """

    source: Path
    features: Path
    frames: int
    waveform: Path | None = None


class FeatureStore:
    """Log-mel spectrograms of a domain, memory-mapped, so that a corpus larger than memory trains.

    It can be pickled and read from several threads; at most 128 files are open at once.

    Parameters
    ----------
    files : sequence of FeatureFile
        The files, all with the same number of mel bands.
    n_mels : int
        Number of mel bands.
    """

    def __init__(self, files: Sequence[FeatureFile], *, n_mels: int):
        self.files = tuple(files)
        self.n_mels = n_mels
        self._arrays = OpenArrays(lambda index: self._map(self.files[index]))

    def __len__(self) -> int:
        """Number of files."""
        return len(self.files)

    def __repr__(self) -> str:
        """Files and frames, for a person."""
        return f"FeatureStore({len(self)} files, {self.frames} frames of {self.n_mels} mel bands)"

    @property
    def frames(self) -> int:
        """Frames of all files together."""
        return sum(file.frames for file in self.files)

    @property
    def frame_counts(self) -> np.ndarray:
        """Frames of each file, ``(files,)`` int64."""
        return np.array([file.frames for file in self.files], np.int64)

    @property
    def paths(self) -> list[Path]:
        """The audio files that the features come from."""
        return [file.source for file in self.files]

    def __getitem__(self, file_index: int) -> np.ndarray:
        """The memory-mapped log-mel spectrogram of a file, ``(frames, n_mels)`` float16."""
        return self._arrays[file_index]

    def _map(self, file: FeatureFile) -> np.memmap:
        # The shape is known, so the header need not be parsed as np.load does: 3 times faster to open.
        shape = (file.frames, self.n_mels)
        header = file.features.stat().st_size - 2 * file.frames * self.n_mels
        return np.memmap(file.features, np.float16, "r", offset=header, shape=shape)

    def crop(self, file_index: int, start: int, length: int) -> np.ndarray:
        """Frames ``start`` to ``start + length`` of a file; beyond its ends there is silence (-1).

        Parameters
        ----------
        file_index : int
            Which file.
        start : int
            First frame; may be negative.
        length : int
            Number of frames.

        Returns
        -------
        np.ndarray
            Shape ``(length, n_mels)``, float32 in [-1, 1].
        """
        out = np.empty((length, self.n_mels), np.float32)
        self.crop_into(out, file_index, start)
        return out

    def crop_into(self, out: np.ndarray, file_index: int, start: int) -> None:
        """Write the crop that begins at ``start`` into ``out``, ``(length, n_mels)`` float32."""
        mel = self[file_index]
        first, last = max(start, 0), min(start + len(out), len(mel))
        if first >= last:
            out[:] = SILENCE
            return
        out[: first - start] = SILENCE
        out[first - start : last - start] = mel[first:last]
        out[last - start :] = SILENCE

    def __getstate__(self) -> dict:
        """Everything but the open files and the lock."""
        return {"files": self.files, "n_mels": self.n_mels}

    def __setstate__(self, state: dict) -> None:
        """Start with no file open."""
        self.__init__(state["files"], n_mels=state["n_mels"])
