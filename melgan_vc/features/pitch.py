"""How high a voice is, frame by frame."""

import numpy as np
import scipy.signal

from melgan_vc.audio.pitch import FMIN, longest_lag, yin
from melgan_vc.features.windowed import WindowedFeature

_WINDOW_SECONDS = 0.032  # two periods of the lowest voice
_RATE = 8000  # Hz, or somewhat more: a whole fraction of the log-mel's
_CUTOFF = 1000.0  # Hz
_FILTER_SECONDS = 0.004
_SILENCE = 1e-6  # mean power, -60 dB of full scale


class Pitch(WindowedFeature):
    """Fundamental frequency by YIN, see `melgan_vc.audio.pitch.median_pitch`: octaves above 60 Hz, and voiced or not.

    The first column is ``log2(F0 / 60 Hz)``, from 0 to 3.06, and 0 where there is no voice; the second is 1 where
    there is one and 0 elsewhere.
    """

    columns = 2

    @property
    def reach(self) -> tuple[int, int]:
        """Half of what YIN compares, and the filter."""
        half = 0.5 * (_WINDOW_SECONDS + 1.0 / FMIN) + 2.0 * _FILTER_SECONDS
        frames = int(np.ceil(half * self.mel.frames_per_second)) + 1
        return frames, frames

    def analyse(self, waves):
        """See `WindowedFeature.analyse`."""
        hop, step = self.mel.hop_length, max(1, self.mel.rate // _RATE)
        rate, count = self.mel.rate / step, waves.shape[1] // hop
        window, lags = round(_WINDOW_SECONDS * rate), longest_lag(rate)
        taps = scipy.signal.firwin(2 * round(_FILTER_SECONDS * self.mel.rate) + 1, _CUTOFF, fs=self.mel.rate)
        low = scipy.signal.oaconvolve(waves, taps[None], mode="same", axes=1)[:, ::step]
        half = (window + lags) // 2
        padded = np.pad(low, ((0, 0), (half, window + lags)))
        centres = np.round(np.arange(count) * hop / step).astype(int)
        frames = padded[:, centres[:, None] + np.arange(window + lags)].reshape(-1, window + lags)
        sounding = np.flatnonzero(np.mean(np.square(frames), axis=1) > _SILENCE)
        voiced, hertz = yin(frames[sounding], rate, window)
        found = np.zeros((len(frames), 2), np.float32)
        found[sounding[voiced], 0] = np.log2(hertz / FMIN)
        found[sounding[voiced], 1] = 1.0
        return found.reshape(len(waves), count, 2)
