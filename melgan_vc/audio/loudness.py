"""How loud a waveform is where it is not silent, and the gain that brings it to a wanted level."""

import numpy as np

FRAME_SECONDS = 0.05
ABSOLUTE_GATE_DB = -70.0
QUIET_GATE_DB = -95.0
"""Instead of the other for a sound whose loudest 50 ms are below -50 dB: above the rounding of 16 bits."""
RELATIVE_GATE_DB = -10.0
LARGEST_GAIN_DB = 60.0
_QUIET = 1e-5  # of mean power, -50 dB


class LoudnessMeter:
    """Streaming gated RMS level in dB of full scale (a full-scale square wave is 0 dB, a sine -3 dB).

    The two gates are those of ITU-R BS.1770-4: frames below -70 dB are silence; of the rest, frames more
    than 10 dB below their mean power are pauses; the level is the mean power of what is left. It departs
    from BS.1770 in three things: there is no K-weighting, because the level is to be that of the samples
    and not of a listener, frames are 50 ms without overlap, so that one short word counts, and where none of
    them is above -50 dB, silence is what is below -95 dB.

    The result does not depend on how the waveform is cut into blocks.

    Parameters
    ----------
    rate : int
        Sampling rate in Hz.

    Examples
    --------
    >>> meter = LoudnessMeter(16000)
    >>> meter.update(np.full(16000, 0.1, np.float32))
    >>> round(meter.level_db, 3)
    -20.0
    """

    def __init__(self, rate: int):
        self.frame_length = max(1, round(rate * FRAME_SECONDS))
        self._powers: list[np.ndarray] = []
        self._pending = np.zeros(0, np.float32)

    def update(self, block: np.ndarray) -> None:
        """Take the next piece ``(samples,)`` of the waveform, float, full scale is ±1."""
        if block.ndim != 1:
            raise ValueError(f"Expected a mono block of shape (samples,), received shape {block.shape}")
        samples = np.concatenate([self._pending, block])
        whole = len(samples) - len(samples) % self.frame_length
        if whole:
            self._powers.append(_mean_power(samples[:whole].reshape(-1, self.frame_length)))
        self._pending = samples[whole:].copy()

    def frame_powers(self) -> np.ndarray:
        """Mean power of every 50 ms so far, ``(frames,)`` float64; the last frame may be a shorter rest."""
        rest = [_mean_power(self._pending[None])] if len(self._pending) else []
        return np.concatenate([*self._powers, *rest]) if self._powers or rest else np.zeros(0)

    @property
    def level_db(self) -> float:
        """Gated RMS level in dB of full scale; ``-inf`` for silence."""
        powers = self.frame_powers()
        weights = np.full(len(powers), float(self.frame_length))
        if len(self._pending):
            weights[-1] = len(self._pending)
        return gated_level(powers, weights)

    def gain_to(self, level_db: float) -> float:
        """Factor that brings the waveform to ``level_db``.

        At most +60 dB, because more than that only raises the noise of a recording; 1 for silence.
        """
        return gain(self.level_db, level_db)


def level_of(wave: np.ndarray, rate: int) -> float:
    """Level in dB of a whole waveform ``(samples,)``, as `LoudnessMeter` measures it; ``-inf`` for silence."""
    meter = LoudnessMeter(rate)
    meter.update(wave)
    return meter.level_db


def gated_level(powers: np.ndarray, weights: np.ndarray) -> float:
    """Level in dB of mean powers of 50 ms ``(frames,)``, see `LoudnessMeter`; ``weights`` are their lengths."""
    quiet = not np.any(powers > _QUIET)
    loud = powers > 10.0 ** ((QUIET_GATE_DB if quiet else ABSOLUTE_GATE_DB) / 10.0)
    if not loud.any():
        return float("-inf")
    mean = np.average(powers[loud], weights=weights[loud])
    loud &= powers >= mean * 10.0 ** (RELATIVE_GATE_DB / 10.0)
    return float(10.0 * np.log10(np.average(powers[loud], weights=weights[loud])))


def gain(level_db: float, wanted_db: float) -> float:
    """Factor between two levels in dB, at most +60 dB; 1 if ``level_db`` is ``-inf`` (silence).

    >>> gain(-46.0, -26.0)
    10.0
    """
    if not np.isfinite(level_db):
        return 1.0
    return float(10.0 ** (min(wanted_db - level_db, LARGEST_GAIN_DB) / 20.0))


def _mean_power(frames: np.ndarray) -> np.ndarray:
    """Mean square of each row, ``(rows, samples)`` to ``(rows,)``, in float64."""
    return np.square(frames, dtype=np.float64).mean(axis=1)


def levelled(wave: np.ndarray, rate: int, level_db: float | None) -> np.ndarray:
    """A waveform ``(samples,)`` at a level in dB as `LoudnessMeter` measures it; as it is for None."""
    if level_db is None:
        return wave
    return wave * np.float32(gain(level_of(wave, rate), level_db))
