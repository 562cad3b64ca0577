"""What every vocoder offers, whether it iterates or is a network."""

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

import numpy as np

from melgan_vc.config.mel import MelConfig


@runtime_checkable
class Vocoder(Protocol):
    """Log-mel spectrogram to waveform, whole or streamed, with identical results.

    Attributes
    ----------
    config : MelConfig
        The log-mel settings that the vocoder understands; it is compared before conversion.
    name : str
        What a person calls it.
    latency : float or None
        Seconds of sound after a moment that have to be heard before that moment can be made, where that is a
        constant below a second; None for what waits for whole blocks.
    """

    config: MelConfig
    name: str
    latency: float | None

    def invert(self, log_mel: np.ndarray) -> np.ndarray:
        """Log-mel ``(T, n_mels)`` in [-1, 1] to a waveform ``(T * hop_length,)``, float32.

        Sample 0 is the centre of frame 0. A waveform of ``n`` samples has ``1 + n // hop_length`` frames,
        so the result is never shorter than ``n``: crop it, nothing has to be padded.
        """
        ...

    def stream(self, log_mels: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """Consecutive pieces ``(frames, n_mels)`` of any lengths to consecutive pieces of the waveform.

        The pieces, concatenated, equal `invert` of the whole; memory does not grow with the length.
        """
        ...
