"""The part of a sound that shows what it sounds like: not its first seconds, which may be silence or a room."""

import numpy as np

_PIECE_SECONDS = 1.0
_RANGE = 10.0**-2.5  # of power: what is 25 dB below the loudest second makes room for sound


class SoundingPart:
    """Keeps the first seconds of a sound that comes in blocks, without long silences.

    A short sound is kept as it is. Of a long one, seconds that are more than 25 dB below the loudest give way to
    those that come later.

    Parameters
    ----------
    rate : int
        Sampling rate in Hz.
    seconds : float
        How much is kept.
    """

    def __init__(self, rate: int, seconds: float):
        self._piece, self._most = max(1, int(_PIECE_SECONDS * rate)), int(seconds * rate)
        self._kept: list[np.ndarray] = []
        self._powers: list[float] = []
        self._samples = 0

    def update(self, block: np.ndarray) -> None:
        """Take the next piece ``(samples, channels)``."""
        for start in range(0, len(block), self._piece):
            piece = block[start : start + self._piece]
            power = float(np.var(piece, axis=0).sum())
            if self._samples >= self._most:
                self._make_room(power)
            if self._samples < self._most:
                self._kept.append(piece)
                self._powers.append(power)
                self._samples += len(piece)

    def _make_room(self, power: float) -> None:
        """Forget what is quiet beside the loudest second, a new one of a certain power included."""
        least = _RANGE * max(power, *self._powers)
        if power < least or min(self._powers) >= least:
            return
        sounding = [known >= least for known in self._powers]
        self._kept = [piece for piece, loud in zip(self._kept, sounding, strict=True) if loud]
        self._powers = [known for known in self._powers if known >= least]
        self._samples = sum(map(len, self._kept))

    def wave(self) -> np.ndarray:
        """What was kept ``(samples, channels)``."""
        return np.concatenate(self._kept)
