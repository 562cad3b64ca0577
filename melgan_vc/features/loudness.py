"""How loud each frame is."""

import numpy as np

from melgan_vc.features.windowed import WindowedFeature

SOUNDING = 0.4
"""Of `Loudness`: what is above it, -48 dB of full scale, is no silence."""

_SILENT_DB = -80.0
_LEAST_POWER = 1e-12  # has a logarithm, and is below the range


class Loudness(WindowedFeature):
    """Root mean square of the hop around each frame, in units of 80 dB: 0 is -80 dB or less, 1 is 0 dB.

    0 dB is that of a full-scale square wave; a full-scale sine has 0.96.
    """

    columns = 1
    reach = (1, 1)

    def analyse(self, waves):
        """See `WindowedFeature.analyse`."""
        hop = self.mel.hop_length
        around = np.pad(waves, ((0, 0), (hop // 2, 0)))[:, : waves.shape[1]]  # a frame is centred on its first sample
        power = np.mean(np.square(around.reshape(len(waves), -1, hop)), axis=2, keepdims=True)
        return np.clip(1.0 - 10.0 * np.log10(power + _LEAST_POWER) / _SILENT_DB, 0.0, 1.0)
