"""What was found out about a clip, for as long as it is there: most rows of an evaluation share their sources."""

import weakref
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import numpy as np

Others = ParamSpec("Others")
Found = TypeVar("Found")


def memoized(analyse: Callable[..., Found]) -> Callable[..., Found]:
    """Analyse each waveform once.

    A waveform is known by its identity, not by its samples, so whoever calls must neither change one in place nor
    change what comes back. What is known of a waveform is forgotten with it: a panel, which converts the same clips
    again and again, keeps what it knows of the sources and nothing of old conversions.

    Parameters
    ----------
    analyse : callable
        ``analyse(wave, *others)``, a waveform ``(samples,)`` and hashable arguments.

    Returns
    -------
    callable
        The same, which asks ``analyse`` only for what it does not know.

    Examples
    --------
    >>> asked = []
    >>> energy = memoized(lambda wave, rate: asked.append(rate) or float(np.sum(wave**2)) / rate)
    >>> wave = np.ones(8000)
    >>> energy(wave, 8000), energy(wave, 8000), energy(wave, 16000), asked
    (1.0, 1.0, 0.5, [8000, 16000])
    """
    known: dict[int, dict] = {}

    @wraps(analyse, assigned=("__doc__",))
    def recall(wave: np.ndarray, *others) -> Found:
        place = id(wave)
        if place not in known:
            known[place] = {}
            # An id is free for another array as soon as this one is gone.
            weakref.finalize(wave, known.pop, place).atexit = False
        of_wave = known[place]
        if others not in of_wave:
            of_wave[others] = analyse(wave, *others)
        return of_wave[others]

    return recall
