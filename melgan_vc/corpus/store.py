"""The frames of one domain: memory-mapped tables, read a crop at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from melgan_vc.corpus.mapped_arrays import MappedArrays
from melgan_vc.features.feature import Feature


@dataclass(frozen=True)
class FrameFile:
    """One file of a store.

    Attributes
    ----------
    source : Path
        The audio file.
    tables : tuple of Path
        ``.npy``, ``(frames, columns)``, float16, for each feature; the log-mel comes first.
    frames : int
        Its length in frames.
    waveform : Path or None
        What they were made of, trimmed and levelled: ``.npy``, ``(samples,)``, float16, where it was asked for.
    """

    source: Path
    tables: tuple[Path, ...]
    frames: int
    waveform: Path | None = None

    @property
    def log_mel(self) -> Path:
        """The table of its log-mel."""
        return self.tables[0]


class FrameStore:
    """Frame tables of a domain, memory-mapped, so that a corpus larger than memory trains.

    It can be pickled and read from several threads; the files that are open at once are few, see `most_open_arrays`.

    Parameters
    ----------
    files : sequence of FrameFile
        The files.
    features : sequence of Feature
        What their tables hold; the log-mel comes first.
    """

    def __init__(self, files: Sequence[FrameFile], features: Sequence[Feature]):
        self.files = tuple(files)
        self.features = tuple(features)
        self._widths = [feature.columns for feature in self.features]
        self._silence = np.concatenate([feature.silence for feature in self.features])
        self._arrays = MappedArrays(self._map)

    def __len__(self) -> int:
        """Number of files."""
        return len(self.files)

    def __repr__(self) -> str:
        """Files, frames and columns, for a person."""
        return f"FrameStore({len(self)} files, {self.frames} frames of {self.columns} columns)"

    @property
    def columns(self) -> int:
        """Numbers in a frame, of all features together."""
        return len(self._silence)

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
        """The audio files that the frames come from."""
        return [file.source for file in self.files]

    def __getitem__(self, file_index: int) -> np.ndarray:
        """The memory-mapped log-mel of a file, ``(frames, n_mels)`` float16."""
        return self._arrays[file_index, 0]

    def _map(self, key: tuple[int, int]) -> np.memmap:
        file_index, feature = key
        file, width = self.files[file_index], self._widths[feature]
        # The shape is known, so the header need not be parsed as np.load does: 3 times faster to open.
        header = file.tables[feature].stat().st_size - 2 * file.frames * width
        return np.memmap(file.tables[feature], np.float16, "r", offset=header, shape=(file.frames, width))

    def crop(self, file_index: int, start: int, length: int) -> np.ndarray:
        """Frames ``start`` to ``start + length`` of a file; beyond its ends there is silence.

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
            Shape ``(length, columns)``, float32: the log-mel in [-1, 1], then the other features.
        """
        out = np.empty((length, self.columns), np.float32)
        self.crop_into(out, file_index, start)
        return out

    def crop_into(self, out: np.ndarray, file_index: int, start: int) -> None:
        """Write the crop that begins at ``start`` into ``out``, ``(length, columns)`` float32."""
        first, last = max(start, 0), min(start + len(out), self.files[file_index].frames)
        if first >= last:
            out[:] = self._silence
            return
        out[: first - start] = self._silence
        out[last - start :] = self._silence
        column = 0
        for feature, width in enumerate(self._widths):
            table = self._arrays[file_index, feature]
            out[first - start : last - start, column : column + width] = table[first:last]
            column += width

    def __getstate__(self) -> dict:
        """Everything but the open files and the lock."""
        return {"files": self.files, "features": self.features}

    def __setstate__(self, state: dict) -> None:
        """Start with no file open."""
        self.__init__(state["files"], state["features"])
