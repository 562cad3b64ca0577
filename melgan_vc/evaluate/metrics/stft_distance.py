"""How far the spectra are from the recording's, in windows of several lengths."""

from collections.abc import Mapping

import numpy as np

from melgan_vc.evaluate.metrics.magnitudes import FLOOR, aligned, magnitudes
from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric

WINDOWS = (512, 1024, 2048)
"""Samples; hops are a quarter of them."""


class StftDistance(Metric):
    r"""Multi-resolution STFT distance to the recording: spectral convergence plus log magnitude distance.

    .. math:: \frac{\lVert S - \hat S \rVert_F}{\lVert S \rVert_F}
        + \frac{1}{N} \lVert \log S - \log \hat S \rVert_1

    as in equations 4 to 6 of Parallel WaveGAN [1]_, a mean over windows of 512, 1024 and 2048 samples. Departures:
    windows fill their transforms and hops are a quarter of them, and magnitudes below -80 dB of a full-scale sine
    count as that in the logarithm. The first term hears the loudest partials, the second all bins alike.

    Vocoders are trained on much the same, so theirs is a home game: a figure that ears confirm is worth more.

    References
    ----------
    .. [1] R. Yamamoto, E. Song and J.-M. Kim, "Parallel WaveGAN: a fast waveform generation model based on generative
       adversarial networks with multi-resolution spectrogram", ICASSP, 2020.
    """

    columns = (
        Column("stft_distance", "spectral convergence and log distance of magnitudes to the recording", "lower"),
    )

    def measure(self, clip: Clip) -> Mapping[str, float]:
        """NaN for a clip shorter than the longest window, not finite, or of a silent recording."""
        pair = aligned(clip, samples=max(WINDOWS))
        if pair is None or not pair[0].any():
            return {"stft_distance": float("nan")}
        return {"stft_distance": float(np.mean([_distance(*pair, n_fft=n_fft) for n_fft in WINDOWS]))}


def _distance(source: np.ndarray, made: np.ndarray, *, n_fft: int) -> float:
    wanted, found = (magnitudes(wave, n_fft=n_fft, hop_length=n_fft // 4) for wave in (source, made))
    convergence = np.linalg.norm(wanted - found) / np.linalg.norm(wanted)
    logarithms = np.log(np.maximum(wanted, FLOOR)) - np.log(np.maximum(found, FLOOR))
    return float(convergence + np.mean(np.abs(logarithms)))
