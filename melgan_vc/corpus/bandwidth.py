"""Up to which frequency a recording holds sound; a codec or a resampler may have taken the rest."""

import numpy as np
import scipy.fft

BAND_HZ = 100.0
LOWEST_HZ = 50.0
RANGE_DB = 60.0
CLIFF_DB = 20.0


class BandwidthMeter:
    """Streaming long-term average spectrum, and the bandwidth that it shows.

    Parameters
    ----------
    rate : int
        Sampling rate in Hz.
    """

    def __init__(self, rate: int):
        self.rate = rate
        # 31 to 62 ms, and more than one bin to each 100 Hz band at any rate.
        self._n_fft = 2 ** int(np.ceil(np.log2(rate / 32.0)))
        self._window = np.hanning(self._n_fft).astype(np.float32)
        self._power = np.zeros(self._n_fft // 2 + 1)
        self._frames = 0
        self._pending = np.zeros(0, np.float32)

    def update(self, block: np.ndarray) -> None:
        """Take the next piece ``(samples,)`` of the waveform."""
        samples = np.concatenate([self._pending, block])
        whole = len(samples) - len(samples) % self._n_fft
        self._add(samples[:whole])
        self._pending = samples[whole:].copy()

    def _add(self, samples: np.ndarray) -> None:
        frames = samples.reshape(-1, self._n_fft) * self._window
        spectrum = scipy.fft.rfft(frames, axis=1)
        self._power += np.sum(spectrum.real**2 + spectrum.imag**2, axis=0, dtype=np.float64)
        self._frames += len(frames)

    def bandwidth_hz(self) -> float:
        """Highest frequency of the recording in Hz, to about 100 Hz; 0 for silence.

        The 100 Hz bands of the average spectrum are compared with the loudest of them. The bandwidth ends
        where they fall 60 dB below it for good, or earlier at a cliff: where everything from 300 Hz above
        on is 20 dB below the 500 Hz before. Voices and instruments fade out slower than that, low-passes
        do not, and the second rule finds them under a noise floor that the first one would take for sound.
        """
        if not self._frames and len(self._pending):
            self._add(np.pad(self._pending, (0, self._n_fft - len(self._pending))))
        if self._power.sum() <= 0:
            return 0.0
        bin_hz = self.rate / self._n_fft
        bands = int(self.rate / 2 // BAND_HZ)
        band_of_bin = (np.arange(len(self._power)) * bin_hz // BAND_HZ).astype(int)
        audible = (np.arange(len(self._power)) * bin_hz >= LOWEST_HZ) & (band_of_bin < bands)
        power = np.bincount(band_of_bin[audible], self._power[audible], minlength=bands)
        counts = np.bincount(band_of_bin[audible], minlength=bands)
        level = 10.0 * np.log10(power / np.maximum(counts, 1) + 1e-20 * self._power.max() + 1e-30)
        last = int(np.flatnonzero(level > level.max() - RANGE_DB)[-1])
        return min((last + 1) * BAND_HZ, _cliff_hz(level), self.rate / 2)


def _cliff_hz(level: np.ndarray) -> float:
    """Frequency of the steepest cliff of a spectrum in dB (``(bands,)``), or ``inf`` without one."""
    loudest_above = np.maximum.accumulate(level[::-1])[::-1]
    edges = np.arange(5, len(level) - 3)
    if not edges.size:
        return float("inf")
    before = np.median(np.lib.stride_tricks.sliding_window_view(level, 5), axis=1)[: len(edges)]
    drop = before - loudest_above[edges + 3]
    best = int(np.argmax(drop))
    if drop[best] < CLIFF_DB:
        return float("inf")
    foot = edges[best] - 5  # of the bands around the step, the last that is not yet down
    around = level[foot : edges[best] + 4]
    return float((foot + np.flatnonzero(around > before[best] - CLIFF_DB / 2)[-1] + 1) * BAND_HZ)
