"""Memory-mapped arrays, of which only so many are open at once."""

import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np

OPEN_FILES = 128  # far below the 256 files that the strictest operating systems allow a process


class OpenArrays:
    """``.npy`` files by path, memory-mapped; the least recently read one is closed when there are too many."""

    def __init__(self) -> None:
        self._open: OrderedDict[Path, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()

    def __getitem__(self, path: Path) -> np.ndarray:
        """The array of a file."""
        with self._lock:
            if path in self._open:
                self._open.move_to_end(path)
            else:
                self._open[path] = np.load(path, mmap_mode="r")
                if len(self._open) > OPEN_FILES:
                    self._open.popitem(last=False)  # closed as soon as nobody reads from it
            return self._open[path]
