"""How much of a recording was cut off at full scale."""

import numpy as np

FULL_SCALE = 0.999
SHORTEST_RUN = 3


class ClippingMeter:
    """Streaming share of clipped samples: those in runs of at least 3 at 0.999 of full scale or above.

    A single sample at full scale is the peak of a normalised recording; a run is a top cut off.
    """

    def __init__(self):
        self._clipped = 0
        self._samples = 0
        self._last: np.ndarray | None = None

    def update(self, block: np.ndarray) -> None:
        """Take the next piece ``(samples, channels)`` of the waveform, at its own sampling rate."""
        full = np.abs(block) >= FULL_SCALE
        if self._last is None:
            self._last = np.zeros((SHORTEST_RUN, block.shape[1]), bool)
        full = np.concatenate([self._last, full])
        runs = full[:-2] & full[1:-1] & full[2:]
        begun = runs[1:] & ~runs[:-1]  # a run of n samples holds n - 2 triples, one of which begins it
        self._clipped += int(runs[1:].sum()) + 2 * int(begun.sum())
        self._samples += block.size
        self._last = full[-SHORTEST_RUN:]

    @property
    def share(self) -> float:
        """Share of all samples, 0 to 1."""
        return self._clipped / max(1, self._samples)
