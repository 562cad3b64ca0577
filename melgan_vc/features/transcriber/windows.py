"""Windows of sound, as basic-pitch's network takes them, to the notes that it hears."""

import functools
import threading
from collections.abc import Callable

import numpy as np

from melgan_vc.features.transcriber.weights import transcriber_weights

_AT_ONCE = 8  # windows: the harmonics take some 20 MB each
_LOADING = threading.Lock()


def transcribed(windows: np.ndarray) -> np.ndarray:
    """Probabilities that keys sound, and that they begin.

    Parameters
    ----------
    windows : np.ndarray
        Shape ``(B, 43844)``, at 22050 Hz, full scale is ±1.

    Returns
    -------
    np.ndarray
        Shape ``(B, 172, 2, 88)``: a frame every 256 samples; notes, onsets; keys from A0 up.

    Raises
    ------
    MelganVcError
        If the file of weights is missing or damaged.
    """
    heard = transcriber()
    some = (windows[start : start + _AT_ONCE] for start in range(0, len(windows), _AT_ONCE))
    return np.concatenate([np.asarray(heard(batch)) for batch in some])


def transcriber() -> Callable:
    """The network's forward pass, loaded once though the files of a folder are heard in several threads."""
    with _LOADING:
        return _transcriber()


@functools.lru_cache(maxsize=1)
def _transcriber() -> Callable:
    weights = transcriber_weights()  # first: if they are missing, nothing is built in vain
    from melgan_vc.engine.start import start_engine

    start_engine()
    from melgan_vc.engine.forward import compiled
    from melgan_vc.features.transcriber.network import build_transcriber

    return compiled(build_transcriber(weights), graph=True)
