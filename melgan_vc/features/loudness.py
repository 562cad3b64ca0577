"""How loud each frame is."""

import numpy as np

from melgan_vc.features.windowed import WindowedFeature

_SILENT_DB = -80.0


class Loudness(WindowedFeature):
    """Root mean square of the hop around each frame, in units of 80 dB: 0 is silence, 1 is full scale."""

    columns = 1
    reach = (1, 1)

    def analyse(self, waves):
        """See `WindowedFeature.analyse`."""
        hop = self.mel.hop_length
        around = np.pad(waves, ((0, 0), (hop // 2, 0)))[:, : waves.shape[1]]  # a frame is centred on its first sample
        power = np.mean(np.square(around.reshape(len(waves), -1, hop)), axis=2, keepdims=True)
        return np.clip(1.0 - 10.0 * np.log10(power + 1e-12) / _SILENT_DB, 0.0, 1.0)
