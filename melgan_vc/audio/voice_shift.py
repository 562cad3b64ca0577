"""Another pitch and other formants for a log-mel, as one matrix."""

import functools
from collections.abc import Iterable

import numpy as np
import scipy.fft

from melgan_vc.audio.mel import SILENCE, hz_to_mel, mel_to_hz
from melgan_vc.config.mel import MelConfig

FORMANT_EXPONENT = 0.5
"""Formants follow the pitch with its square root: see docs/experiments.md."""

_STEPS = 144
"""In an octave."""

_ENVELOPE = 20
"""Cosines over the mel axis that make up the envelope: with 12, speech lost more of its words (PER .38, not .27)."""


def voice_shift(mel: MelConfig, *, pitch: float, formants: float) -> np.ndarray:
    """Matrix that moves the pitch of a log-mel by one factor and its formants by another.

    The envelope of a frame is its projection on the lowest cosines over the mel axis; what remains is the fine
    structure, harmonics above all. Each is moved along the frequency axis by linear interpolation between bands. The
    fine structure is lost where neighbouring bands are as wide as the harmonics are apart, as it is in any log-mel.

    Parameters
    ----------
    mel : MelConfig
        Of the log-mels.
    pitch, formants : float
        Factors on frequency, > 0; 0.7 is lower. 1 and 1 give the unit matrix.

    Returns
    -------
    np.ndarray
        Shape ``(n_mels, n_mels)``, float32. A log-mel ``x`` in [-1, 1] becomes ``(x + 1) @ matrix - 1``: silence
        stays silent, and bands that would come from beyond the highest one are silent but for the envelope.
    """
    envelope = envelope_projection(mel.n_mels)
    fine = np.eye(mel.n_mels) - envelope
    return (_warp(mel, pitch) @ fine + _warp(mel, formants) @ envelope).astype(np.float32)


def envelope_projection(n_mels: int) -> np.ndarray:
    """Matrix ``(n_mels, n_mels)`` that leaves of a frame its projection on the lowest cosines over the mel axis."""
    basis = scipy.fft.dct(np.eye(n_mels), axis=0, norm="ortho")[: min(_ENVELOPE, n_mels)]
    return basis.T @ basis


def shift_log_mel(mel, matrix, xp=np):
    """Log-mels ``(..., T, n_mels)`` in [-1, 1] moved by a matrix of `voice_shift`; again in [-1, 1].

    ``xp`` is what computes: ``numpy``, or ``keras.ops`` where a gradient is wanted.
    """
    return xp.clip(xp.matmul(mel - SILENCE, matrix) + SILENCE, -1.0, 1.0)


class VoiceShifts:
    """Matrices of `voice_shift` for many factors, made once for each.

    Factors are rounded to a twelfth of a semitone, and no more than 1024 matrices are kept.

    Parameters
    ----------
    mel : MelConfig
        Of the log-mels.
    """

    def __init__(self, mel: MelConfig):
        self._matrix = functools.lru_cache(maxsize=1024)(
            lambda pitch, formants: voice_shift(mel, pitch=_of_steps(pitch), formants=_of_steps(formants))
        )

    def __call__(self, pitch: Iterable[float], formants: Iterable[float]) -> np.ndarray:
        """Matrices ``(B, n_mels, n_mels)`` for ``B`` pairs of factors."""
        return np.stack([self._matrix(*map(_steps, pair)) for pair in zip(pitch, formants, strict=True)])

    def of_voices(self, pitch: Iterable[float]) -> np.ndarray:
        """Matrices ``(B, n_mels, n_mels)`` for ``B`` factors of pitch, with formants that follow it."""
        return self(pitch, (factor**FORMANT_EXPONENT for factor in pitch))


def _steps(factor: float) -> int:
    return round(_STEPS * np.log2(factor))


def _of_steps(steps: int) -> float:
    return 2.0 ** (steps / _STEPS)


def _warp(mel: MelConfig, factor: float) -> np.ndarray:
    """Linear interpolation ``(n_mels, n_mels)``, applied from the right, to bands ``factor`` times as high."""
    low, high = (hz_to_mel(hz, mel_scale=mel.mel_scale) for hz in (mel.fmin, mel.fmax))
    centres = np.linspace(low, high, mel.n_mels + 2)[1:-1]
    wanted = hz_to_mel(mel_to_hz(centres, mel_scale=mel.mel_scale) / factor, mel_scale=mel.mel_scale)
    position = np.maximum((wanted - centres[0]) / (centres[1] - centres[0]), 0.0)
    return np.maximum(0.0, 1.0 - np.abs(np.arange(mel.n_mels)[:, None] - position))
