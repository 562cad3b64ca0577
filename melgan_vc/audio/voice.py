"""What is known of a voice, and how a log-mel of one is brought to another."""

import functools
from dataclasses import dataclass
from typing import Self

import numpy as np

from melgan_vc.audio.bands import Bands, match_bands
from melgan_vc.audio.pitch import median_pitch
from melgan_vc.audio.voice_shift import VoiceShifts, shift_log_mel
from melgan_vc.config.mel import MelConfig

_FARTHEST = 4.0
MOST_MOVES = 2048
"""That `Voices` remembers."""


@dataclass(frozen=True, eq=False)
class Voice:
    """What is known of a voice: its median F0 in Hz and its bands, each None where unknown or of no matter."""

    pitch: float | None = None
    bands: Bands | None = None

    @classmethod
    def heard(cls, wave: np.ndarray, rate: int, mel: np.ndarray) -> Self:
        """Of sound: a waveform ``(samples,)`` and its log-mel ``(T, n_mels)``."""
        pitch = median_pitch(wave, rate)
        return cls(pitch if np.isfinite(pitch) else None, Bands.of(mel))


class Voices:
    """Brings log-mels from one voice to another: pitch, formants that follow it, and bands.

    Parameters
    ----------
    mel : MelConfig
        Of the log-mels.
    typical : np.ndarray, optional
        Shape ``(n_mels, n_mels)``: how the bands of voices vary, for clips that are too short to show it.
    """

    def __init__(self, mel: MelConfig, typical: np.ndarray | None = None):
        self._shifts = VoiceShifts(mel)
        self.typical = typical
        self.moves = functools.lru_cache(maxsize=MOST_MOVES)(self._moves)

    def _moves(self, own: Voice, wanted: Voice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Two matrices ``(n_mels, n_mels)`` and an offset ``(n_mels,)`` for `move_voice`, from one voice to another.

        What is unknown of either is left as it is. A pitch more than two octaves away is a wrong measurement, and is
        moved by two. As ``moves`` it remembers what it was asked of the very same voices.
        """
        factor = 1.0 if own.pitch is None or wanted.pitch is None else wanted.pitch / own.pitch
        (shift,) = self._shifts.of_voices([float(np.clip(factor, 1.0 / _FARTHEST, _FARTHEST))])
        if own.bands is None or wanted.bands is None:
            return shift, np.eye(len(shift), dtype=np.float32), np.zeros(len(shift), np.float32)
        return shift, *own.bands.moved(shift).towards(wanted.bands, self.typical)

    def move(self, mel: np.ndarray, own: Voice, wanted: Voice) -> np.ndarray:
        """Log-mels ``(..., n_mels)`` in [-1, 1] of one voice as they would be of another; again in [-1, 1]."""
        return move_voice(mel, *self.moves(own, wanted))


def move_voice(mel: np.ndarray, shift: np.ndarray, matrix: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Log-mels ``(..., T, n_mels)`` in [-1, 1] shifted, then brought to other bands; again in [-1, 1]."""
    return match_bands(shift_log_mel(mel, shift), matrix, offset)
