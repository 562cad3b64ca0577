"""How far the spectrum is from the recording's, in decibels."""

from collections.abc import Mapping

import numpy as np

from melgan_vc.evaluate.metrics.magnitudes import FLOOR, aligned, magnitudes
from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric


class LogSpectralDistance(Metric):
    r"""Log-spectral distance in dB between what was made and the recording, sample for sample.

    .. math:: \frac{1}{T} \sum_t \sqrt{\frac{1}{K} \sum_k
        \left( 20 \log_{10} \frac{S_{t,k}}{\hat S_{t,k}} \right)^2}

    This is the root mean square log spectral measure of Gray and Markel [1]_, a mean over frames. Windows are those
    with which it is used on vocoders [2]_, 2048 samples every 512 at 44.1 kHz, and as long in time at other rates.
    That source has powers of ten in place of decibels: a tenth of these figures. Departure from both: magnitudes
    below -80 dB of a full-scale sine count as that, or the noise in pauses would count as much as the sound.

    Clips are compared at the level that they have, and phases do not matter.

    References
    ----------
    .. [1] A. H. Gray and J. D. Markel, "Distance measures for speech processing", IEEE Transactions on Acoustics,
       Speech and Signal Processing 24(5), 1976.
    .. [2] H. Liu et al., "Neural vocoder is all you need for speech super-resolution", Interspeech, 2022.
    """

    columns = (Column("lsd_db", "log-spectral distance in dB to the recording", "lower"),)

    def measure(self, clip: Clip) -> Mapping[str, float]:
        """NaN for a clip shorter than a window (46 ms), or not finite."""
        hop_length = round(clip.rate * 512 / 44100)
        pair = aligned(clip, samples=4 * hop_length)
        if pair is None:
            return {"lsd_db": float("nan")}
        source, made = (
            np.log10(np.maximum(magnitudes(wave, n_fft=4 * hop_length, hop_length=hop_length), FLOOR))
            for wave in pair
        )
        return {"lsd_db": float(np.mean(np.sqrt(np.mean((20.0 * (source - made)) ** 2, axis=1))))}
