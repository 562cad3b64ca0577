"""Memory-mapped arrays, of which a process has only so many open at once."""

import itertools
import resource
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np

_SHARE = 4  # of the files that a process may open: the rest is for audio, libraries, logs and what is being written
_MOST = 512  # more are not read faster


def most_open_arrays() -> int:
    """How many arrays of a process may be open at once: a quarter of its limit of open files, 512 at most.

    Whoever runs more than one training in a process has one budget for all of them.
    """
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if limit == resource.RLIM_INFINITY else max(1, min(_MOST, limit // _SHARE))


class MappedArrays:
    """Arrays by key, opened when they are asked for.

    Where all that are open in this process, of whichever instance, are more than `most_open_arrays`, the least
    recently read one is closed.

    Parameters
    ----------
    open_array : callable
        Opens the array of a key.
    """

    _numbers = itertools.count()
    _read: OrderedDict[tuple[int, Hashable], weakref.ref] = OrderedDict()  # whose they are, least recently read first
    _lock = threading.Lock()

    def __init__(self, open_array: Callable[[Hashable], np.ndarray]):
        self._open_array = open_array
        self._open: dict[Hashable, np.ndarray] = {}
        self._number = next(self._numbers)

    def __getitem__(self, key: Hashable) -> np.ndarray:
        """The array of a key."""
        with self._lock:
            if key not in self._open:
                self._make_room()
                self._open[key] = self._open_array(key)
                self._read[self._number, key] = weakref.ref(self)
            self._read.move_to_end((self._number, key))
            return self._open[key]

    def __len__(self) -> int:
        """Arrays that are open."""
        return len(self._open)

    def _make_room(self) -> None:
        """Close what was read least recently, until one more may be opened."""
        while len(self._read) >= most_open_arrays():
            (_, key), owner = self._read.popitem(last=False)
            arrays = owner()
            if arrays is not None:  # else it is gone, and its arrays with it
                del arrays._open[key]  # closed as soon as nobody reads from it
