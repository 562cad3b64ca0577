"""The log-mel spectrogram, the first of all features."""

import numpy as np

from melgan_vc.audio.mel import SILENCE, stream_log_mel
from melgan_vc.features.feature import Feature


class LogMel(Feature):
    """`melgan_vc.audio.mel.log_mel` as a feature: ``n_mels`` numbers in [-1, 1]."""

    @property
    def columns(self) -> int:
        """Mel bands."""
        return self.mel.n_mels

    @property
    def silence(self) -> np.ndarray:
        """-1 in every band."""
        return np.full(self.columns, SILENCE, np.float32)

    @property
    def reach(self) -> tuple[int, int]:
        """Half a window on either side."""
        frames = -(-self.mel.n_fft // (2 * self.mel.hop_length))
        return frames, frames

    @property
    def cache_key(self) -> dict:
        """As it was before there were other features, so that no corpus is prepared again."""
        return {"mel": self.mel.model_dump()}

    def stream(self, blocks):
        """See `Feature.stream`."""
        return stream_log_mel(blocks, self.mel)
