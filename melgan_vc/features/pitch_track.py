"""The melody of speech over time, by a recogniser that is exact and slow."""

import numpy as np

from melgan_vc.features.speech import SPEECH_RATE, evaluable_speech

HOP_SECONDS = 0.016
FMIN, FMAX = 60.0, 500.0
"""Range searched, in Hz: a low man's voice to a child's."""


def track_pitch(wave: np.ndarray, rate: int) -> np.ndarray:
    """Fundamental frequency of speech, by probabilistic YIN [1]_.

    Parameters
    ----------
    wave : np.ndarray
        Shape ``(samples,)``, full scale is ±1.
    rate : int
        Its sampling rate in Hz.

    Returns
    -------
    np.ndarray
        Shape ``(frames,)``, one frame every 16 ms, in Hz from 60 to 500; NaN where there is no voice. Of shape
        ``(0,)`` if the clip is silent or shorter than half a second.

    References
    ----------
    .. [1] M. Mauch, S. Dixon, "pYIN: a fundamental frequency estimator using probabilistic threshold
       distributions", ICASSP 2014.
    """
    import librosa

    speech = evaluable_speech(wave, rate)
    if speech is None:
        return np.zeros(0)
    # Steps of a fifth of a semitone: three times as fast as a tenth, and the two tracks differ by 7 cents.
    hertz, _, _ = librosa.pyin(
        speech,
        sr=SPEECH_RATE,
        fmin=FMIN,
        fmax=FMAX,
        frame_length=1024,
        hop_length=round(HOP_SECONDS * SPEECH_RATE),
        resolution=0.2,
    )
    return hertz


def median_hz(hertz: np.ndarray) -> float:
    """Median of the voiced frames in Hz; NaN if there are none."""
    voiced = hertz[np.isfinite(hertz)]
    return float(np.median(voiced)) if len(voiced) else float("nan")
