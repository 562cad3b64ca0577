"""Which notes sound, whichever instrument plays them: of a clip, as evaluation compares it."""

import numpy as np

from melgan_vc.features.transcriber.weights import FRAMES, HOP_LENGTH, RATE, WINDOW
from melgan_vc.features.transcriber.windows import transcribed
from melgan_vc.features.waveforms import comparable

MARGIN_FRAMES = 15
KEPT_FRAMES = FRAMES - 2 * MARGIN_FRAMES


class NotePosteriors:
    """The probability of each of 88 keys at each time, as basic-pitch [1]_ hears them.

    Basic-pitch gives every key that is silent one of about 0.1, which would make any two pieces alike, so the median
    over keys and time is taken off.

    References
    ----------
    .. [1] R. M. Bittner et al., "A lightweight instrument-agnostic model for polyphonic note transcription and
       multipitch estimation", ICASSP, 2022.
    """

    def __call__(self, wave: np.ndarray, rate: int) -> np.ndarray | None:
        """Posteriorgram of a clip, above its median.

        Parameters
        ----------
        wave : np.ndarray
            Shape ``(samples,)``, full scale is ±1.
        rate : int
            Its sampling rate in Hz.

        Returns
        -------
        np.ndarray or None
            Shape ``(T, 88)``, keys from A0 up, a frame every 256 samples at 22050 Hz; None for a clip that is shorter
            than a second, silent or not finite.
        """
        wave = comparable(wave, rate, RATE)
        if wave is None:
            return None
        notes = transcribed(_windows(wave))[:, MARGIN_FRAMES : MARGIN_FRAMES + KEPT_FRAMES, 0]
        notes = notes.reshape(-1, notes.shape[-1])[: 1 + len(wave) // HOP_LENGTH]
        return np.maximum(notes - np.median(notes), 0.0)


def _windows(wave: np.ndarray) -> np.ndarray:
    """Windows ``(W, 43844)`` whose middle 142 frames lie side by side: at its edges the network lacks context."""
    hop = KEPT_FRAMES * HOP_LENGTH
    count = 1 + len(wave) // hop
    padded = np.zeros((count - 1) * hop + WINDOW, np.float32)
    before = MARGIN_FRAMES * HOP_LENGTH
    padded[before : before + len(wave)] = wave[: len(padded) - before]
    return np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::hop]
