"""Memory-mapped arrays, of which only so many are open at once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np

OPEN_FILES = 128  # far below the 256 files that the strictest operating systems allow a process


class MappedArrays:
    """Arrays by key, opened when they are asked for; beyond 128 the least recently read one is closed.

    Parameters
    ----------
    open_array : callable
        Opens the array of a key.
    """

    def __init__(self, open_array: Callable[[Hashable], np.ndarray]):
        self._open_array = open_array
        self._open: OrderedDict[Hashable, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()

    def __getitem__(self, key: Hashable) -> np.ndarray:
        """The array of a key."""
        with self._lock:
            if key in self._open:
                self._open.move_to_end(key)
            else:
                self._open[key] = self._open_array(key)
                if len(self._open) > OPEN_FILES:
                    self._open.popitem(last=False)  # closed as soon as nobody reads from it
            return self._open[key]

    def __len__(self) -> int:
        """Arrays that are open."""
        return len(self._open)
