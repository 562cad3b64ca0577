"""How far the spectral envelope is from the same words, or notes, in the target style."""

from collections.abc import Mapping

import numpy as np
import scipy.fft

from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.features.memo import memoized
from melgan_vc.features.packages import import_evaluator
from melgan_vc.features.speech import SPEECH_RATE, evaluable_speech

COEFFICIENTS = 24
_N_FFT, _HOP_LENGTH, _N_MELS = 512, 160, 80  # windows of 32 ms every 10 ms
_RANGE_DB = 60.0
_LONGEST_SECONDS = 60.0  # the alignment's memory grows with the square: 36 million cells


class MelCepstralDistortion(Metric):
    """Mel-cepstral distortion [1]_ in dB to a parallel recording, after dynamic time warping.

    Only the first minute is compared. The cepstrum is the cosine transform of a log-mel spectrum rather than of a
    fitted all-pole envelope, so figures compare among themselves and not with those of papers.

    Raises
    ------
    MissingEvaluator
        If librosa is not installed.

    References
    ----------
    .. [1] R. F. Kubichek, "Mel-cepstral distance measure for objective speech quality assessment", IEEE Pacific Rim
       Conference on Communications, 1993.
    """

    columns = (Column("mcd_db", "mel-cepstral distortion in dB to the parallel recording", "lower", judge="librosa"),)

    def __init__(self) -> None:
        import_evaluator("librosa", purpose="mel-cepstral distortion", install="librosa")
        self._cepstra = memoized(mel_cepstra)

    def measure(self, clip: Clip) -> Mapping[str, float]:
        """NaN without a parallel recording."""
        if clip.parallel is None:
            return {"mcd_db": float("nan")}
        first, second = (self._cepstra(wave, clip.rate) for wave in (clip.parallel, clip.converted))
        return {"mcd_db": distortion_db(first, second)}


def mel_cepstra(wave: np.ndarray, rate: int) -> np.ndarray:
    """Mel cepstra of a clip ``(samples,)``, without silence before and after it.

    Returns
    -------
    np.ndarray
        Shape ``(frames, 24)``: coefficients 1 to 24 of the log amplitude in nepers; ``(0, 24)`` if there is no sound.
    """
    import librosa

    sound = evaluable_speech(wave, rate)
    if sound is None:
        return np.zeros((0, COEFFICIENTS))
    sound, _ = librosa.effects.trim(sound[: int(_LONGEST_SECONDS * SPEECH_RATE)], top_db=40)
    power = librosa.feature.melspectrogram(
        y=sound, sr=SPEECH_RATE, n_fft=_N_FFT, hop_length=_HOP_LENGTH, n_mels=_N_MELS, norm=None
    )
    # Without a floor, the noise in pauses would count as much as the sound.
    log_amplitude = 0.5 * np.log(np.maximum(power, power.max() * 10.0 ** (-_RANGE_DB / 10.0)))
    # Scaled so that log|S| = c[0] + sum c[m] cos(m w): then the distance below is the root mean square difference of
    # two spectra in dB, as far as 24 coefficients describe them.
    cepstra = scipy.fft.dct(log_amplitude.T, axis=1) / _N_MELS
    return cepstra[:, 1 : COEFFICIENTS + 1]


def distortion_db(first: np.ndarray, second: np.ndarray) -> float:
    """Distance ``(10 / ln 10) sqrt(2 sum_m (c_m - c'_m)^2)`` in dB, averaged along the path of least distance.

    Parameters
    ----------
    first, second : np.ndarray
        Shapes ``(frames, coefficients)``, of any numbers of frames; NaN comes back if either has none.

    Examples
    --------
    >>> silent, loud = np.zeros((3, 24)), np.zeros((5, 24))
    >>> loud[:, 0] = np.log(10) / 10 / np.sqrt(2)
    >>> round(distortion_db(silent, loud), 6)
    1.0
    """
    import librosa

    if not len(first) or not len(second):
        return float("nan")
    accumulated, path = librosa.sequence.dtw(first.T, second.T, metric="euclidean")
    return float(10.0 / np.log(10.0) * np.sqrt(2.0) * accumulated[-1, -1] / len(path))
