"""What a voice sounds like on average, and how a log-mel of one is brought to that of another."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from melgan_vc.audio.mel import SILENCE
from melgan_vc.audio.pitch import median_pitch
from melgan_vc.audio.voice_shift import VoiceShifts
from melgan_vc.mel_config import MelConfig

FADE = 0.3
"""Of a log-mel: cells so far above silence are matched whole, those below in proportion, so that silence stays."""

_PAUSE = -0.55
"""Mean over the bands below which a frame is a pause."""
_WIDEST = 2.0
_FARTHEST = 4.0
_STEADY_FRAMES = 200


@dataclass(frozen=True)
class Bands:
    """Mean and standard deviation of each mel band over frames that are no pauses.

    Attributes
    ----------
    mean, deviation : np.ndarray
        Shape ``(n_mels,)``, of log-mels in [-1, 1].
    frames : int
        Over how many.
    """

    mean: np.ndarray
    deviation: np.ndarray
    frames: int = _STEADY_FRAMES

    @classmethod
    def of(cls, mel: np.ndarray) -> Self | None:
        """Of a log-mel ``(T, n_mels)``; None if it is all pause."""
        sounding = mel[mel.mean(axis=1) > _PAUSE].astype(np.float32)
        if not len(sounding):
            return None
        return cls(sounding.mean(axis=0), sounding.std(axis=0), len(sounding))

    def moved(self, matrix: np.ndarray) -> Self:
        """Those of the same voice moved by a matrix of `voice_shift`; the deviation is an estimate.

        Neighbouring bands rise and fall together, so a band that is made of several deviates as their average does.
        """
        weights = np.abs(matrix)
        average = self.deviation @ weights / np.maximum(weights.sum(axis=0), 1e-6)
        deviation = average * np.clip(matrix.sum(axis=0), 0.0, 1.0)
        return type(self)((self.mean - SILENCE) @ matrix + SILENCE, deviation, self.frames)

    def towards(self, wanted: "Bands") -> tuple[np.ndarray, np.ndarray]:
        """Scale and offset ``(n_mels,)`` that bring a log-mel of these statistics to others.

        A clip that is short says less of its voice than of its words: it is brought part of the way.
        """
        share = min(1.0, self.frames / _STEADY_FRAMES)
        ratio = (wanted.deviation + 1e-3) / (self.deviation + 1e-3)
        scale = np.clip(ratio, 1.0 / _WIDEST, _WIDEST) ** share
        offset = (1.0 - scale) * self.mean + share * (wanted.mean - self.mean)
        return scale.astype(np.float32), offset.astype(np.float32)


def moved(mel: np.ndarray, matrix: np.ndarray, scale: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Log-mels ``(..., T, n_mels)`` in [-1, 1] moved as `Voices.moves` says; again in [-1, 1]."""
    return match_bands(np.clip((mel - SILENCE) @ matrix + SILENCE, -1.0, 1.0), scale, offset)


def match_bands(mel: np.ndarray, scale: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Log-mels ``(..., n_mels)`` in [-1, 1], scaled and moved in each band; again in [-1, 1], silence silent."""
    sounding = np.clip((mel - SILENCE) / FADE, 0.0, 1.0)
    return np.clip(mel + sounding * ((scale - 1.0) * mel + offset), -1.0, 1.0)


@dataclass(frozen=True)
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
    """

    def __init__(self, mel: MelConfig):
        self._shifts = VoiceShifts(mel)

    def moves(self, own: Voice, wanted: Voice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The matrix ``(n_mels, n_mels)``, and the scale and offset ``(n_mels,)``, from one voice to another.

        What is unknown of either is left as it is. A pitch more than two octaves away is a wrong measurement, and is
        moved by two.
        """
        factor = 1.0 if own.pitch is None or wanted.pitch is None else wanted.pitch / own.pitch
        (matrix,) = self._shifts.of_voices([float(np.clip(factor, 1.0 / _FARTHEST, _FARTHEST))])
        if own.bands is None or wanted.bands is None:
            return matrix, np.ones(len(matrix), np.float32), np.zeros(len(matrix), np.float32)
        return matrix, *own.bands.moved(matrix).towards(wanted.bands)

    def move(self, mel: np.ndarray, own: Voice, wanted: Voice) -> np.ndarray:
        """Log-mels ``(..., n_mels)`` in [-1, 1] of one voice as they would be of another; again in [-1, 1]."""
        return moved(mel, *self.moves(own, wanted))
