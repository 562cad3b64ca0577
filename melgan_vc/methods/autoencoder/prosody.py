"""How high and how loud: as a decoder is told it, and as another voice would have it."""

import numpy as np

HEIGHTS = 32
"""Numbers that say how high a frame is."""

COLUMNS = HEIGHTS + 2
"""Of what a decoder is told: heights, voiced or not, loudness."""

_OCTAVES = 3.1  # above 60 Hz


def prosody_code(prosody: np.ndarray) -> np.ndarray:
    """What a decoder is told of ``(..., 3)``, pitch in octaves above 60 Hz, voiced, loudness: ``(..., 34)``.

    A pitch is shared between the two nearest of 32 heights, so that a small network can tell its place; where there
    is no voice all heights are 0.
    """
    pitch, voiced, loudness = np.moveaxis(prosody, -1, 0)[..., None]
    places = np.linspace(0.0, _OCTAVES, HEIGHTS, dtype=np.float32)
    distance = np.abs(np.clip(pitch, 0.0, _OCTAVES) - places) / (places[1] - places[0])
    heights = np.maximum(0.0, 1.0 - distance) * voiced
    return np.concatenate([heights, voiced, 2.0 * loudness - 1.0], axis=-1).astype(np.float32)


def moved_pitch(
    prosody: np.ndarray, own: np.ndarray, wanted: np.ndarray, *, semitones: float = 0.0, pitch_range: float = 1.0
) -> np.ndarray:
    """Prosody ``(..., 3)`` with the pitch of another voice.

    Parameters
    ----------
    prosody : np.ndarray
        Pitch in octaves above 60 Hz, voiced, loudness.
    own, wanted : np.ndarray
        Shape ``(2,)``: middle and spread of either voice's pitch, see `VoiceStatistics`; NaN where unknown, which
        leaves the pitch as it is.
    semitones : float
        Up from where that brings it.
    pitch_range : float
        Times as wide as the wanted voice's melody.
    """
    moved = np.array(prosody, np.float32)
    if np.isfinite(own).all() and np.isfinite(wanted).all():
        moved[..., 0] = wanted[0] + (moved[..., 0] - own[0]) * (pitch_range * float(wanted[1]) / float(own[1]))
    moved[..., 0] += semitones / 12.0
    return moved
