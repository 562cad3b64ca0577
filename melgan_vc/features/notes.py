"""Which notes sound and which begin, frame by frame, whichever instrument plays them."""

import numpy as np
import soxr

from melgan_vc.features.transcriber.weights import FRAMES, HOP_LENGTH, KEYS, RATE, SHA256, WINDOW
from melgan_vc.features.transcriber.windows import transcribed, transcriber
from melgan_vc.features.windowed import RecognisedFeature

_SILENT = 0.18


class Notes(RecognisedFeature):
    """Probabilities of 88 keys, A0 to C8, as basic-pitch hears them [1]_: that each sounds, then that each begins.

    The network hears windows of two seconds, in decibels from the least to the greatest of each. So windows lie on a
    grid of 1.6 s from the beginning of the file, and .18 s on either side of each is heard and discarded. Keys that
    are silent have probabilities of .02 to .17, so 0 stands for .18 and less, and 1 for 1.

    References
    ----------
    .. [1] R. M. Bittner et al., "A lightweight instrument-agnostic model for polyphonic note transcription and
       multipitch estimation", ICASSP 2022.
    """

    columns = 2 * KEYS
    recognizer = "basic-pitch"
    margin_seconds = 0.18

    @property
    def stretch(self) -> int:
        """All of a window but its margins."""
        return int(WINDOW / RATE * self.mel.frames_per_second) - sum(self.margin)

    @property
    def settings(self) -> dict:
        """The grid of frames and the network."""
        return {"rate": self.mel.rate, "hop_length": self.mel.hop_length, "weights": SHA256}

    def require(self):
        """See `Feature.require`: the weights."""
        transcriber()

    def analyse(self, waves):
        """See `WindowedFeature.analyse`."""
        heard = transcribed(np.stack([_window(wave, self.mel.rate) for wave in waves]))
        seconds = np.arange(waves.shape[1] // self.mel.hop_length) * self.mel.hop_length / self.mel.rate
        nearest = np.minimum(np.round(seconds * RATE / HOP_LENGTH).astype(int), FRAMES - 1)
        found = heard.reshape(len(waves), FRAMES, -1)[:, nearest]
        return np.maximum(found - _SILENT, 0.0) / (1.0 - _SILENT)


def _window(wave: np.ndarray, rate: int) -> np.ndarray:
    """What the network takes at once, ``(43844,)``: a wave at its rate, and silence after it."""
    wave = wave if rate == RATE else soxr.resample(wave, rate, RATE)
    return np.pad(wave[:WINDOW], (0, max(0, WINDOW - len(wave))))
