"""Where the harmonics of a pitch are in a log-mel."""

import functools

import numpy as np

from melgan_vc.audio.mel import log_mel
from melgan_vc.audio.pitch import FMIN
from melgan_vc.audio.voice_shift import envelope_projection
from melgan_vc.config.mel import MelConfig

OCTAVES = 3.1
"""Range of the pitches, from `FMIN` up."""

STEPS = 256
"""Pitches from one end to the other: each is within 0.4 % of the nearest."""


@functools.lru_cache(maxsize=8)
def harmonic_structure(mel: MelConfig) -> np.ndarray:
    """The fine structure of a voiced frame's log-mel, for each of `STEPS` pitches.

    It is that of a train of pulses, whose harmonics are all as loud: its log-mel without the envelope, see
    `envelope_projection`, and brought to a deviation of 1. A network that is told it
    need not learn to tell where a pitch puts its harmonics.

    Parameters
    ----------
    mel : MelConfig
        Of the log-mel.

    Returns
    -------
    np.ndarray
        Shape ``(STEPS, n_mels)``, float32, read-only; about -3 to 3.
    """
    hertz = FMIN * 2.0 ** np.linspace(0.0, OCTAVES, STEPS)
    rows = np.stack([log_mel(_pulses(pitch, mel), mel)[1] for pitch in hertz]).astype(np.float64)
    fine = rows - rows @ envelope_projection(mel.n_mels)
    fine = (fine / fine.std(axis=1, keepdims=True).clip(1e-3)).astype(np.float32)
    fine.setflags(write=False)
    return fine


def _pulses(hertz: float, mel: MelConfig) -> np.ndarray:
    """Harmonics of one level up to half of the rate, around the frame that is centred on ``hop_length``."""
    number = int(0.5 * mel.rate / hertz)
    half = np.pi * hertz * (np.arange(2 * mel.hop_length + mel.n_fft) + 0.5) / mel.rate
    sines = np.sin(half)
    sines = np.where(np.abs(sines) < 1e-9, 1e-9, sines)
    wave = 0.5 * (np.sin((2 * number + 1) * half) / sines - 1.0)  # the sum of cosines, Dirichlet's kernel
    return (0.5 * wave / number).astype(np.float32)
