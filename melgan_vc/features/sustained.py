"""How loud what lasts is: the tones of a piece without its drums."""

import numpy as np

from melgan_vc.audio.chunks import ChunkedPass, Reach
from melgan_vc.audio.mel import SILENCE, denormalise, stream_log_mel
from melgan_vc.features.feature import Feature

_SECONDS = 0.2
_RANGE_DB = 80.0
_LEAST_POWER = 1e-12  # has a logarithm, and is below the range


class Sustained(Feature):
    """Power of what lasts .2 s and longer in its band, in units of 80 dB: 0 is -80 dB or less, 1 is 0 dB.

    In each band of the log-mel the median over time takes away what is short, as in Fitzgerald 2010 [1]_, and the
    bands are added up. Tones that begin are as loud as they will be some frames after.

    References
    ----------
    .. [1] D. Fitzgerald, "Harmonic/percussive separation using median filtering", DAFx 2010.
    """

    columns = 1

    @property
    def reach(self) -> tuple[int, int]:
        """Half of the median and half a window of the log-mel on either side."""
        frames = self._half + -(-self.mel.n_fft // (2 * self.mel.hop_length))
        return frames, frames

    @property
    def _half(self) -> int:
        return round(0.5 * _SECONDS * self.mel.frames_per_second)

    def stream(self, blocks):
        """See `Feature.stream`."""
        silence = np.full(self.mel.n_mels, SILENCE, np.float32)
        reach = Reach(self._half, self._half)
        chunks = ChunkedPass(self._loudness, reach=reach, silence=silence, chunk=128, same_length=False)
        return chunks.stream(stream_log_mel(blocks, self.mel))

    def _loudness(self, mels: np.ndarray) -> np.ndarray:
        """Of log-mels ``(B, T, n_mels)``, ``(B, T, 1)``."""
        from scipy.ndimage import median_filter  # slow to load, and this file is loaded with every feature

        lasting = median_filter(mels, size=(1, 2 * self._half + 1, 1), mode="nearest")
        power = np.sum(denormalise(lasting, self.mel), axis=2, keepdims=True) - self._silent_power
        decibels = 10.0 * np.log10(np.maximum(power, _LEAST_POWER))
        return np.clip(1.0 + decibels / _RANGE_DB, 0.0, 1.0).astype(np.float32)

    @property
    def _silent_power(self) -> float:
        return float(np.sum(denormalise(np.full(self.mel.n_mels, SILENCE, np.float32), self.mel)))
