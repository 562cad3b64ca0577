"""How high and how loud: as a decoder is told it, and as another voice would have it."""

import numpy as np

from melgan_vc.audio.harmonics import OCTAVES, STEPS, harmonic_structure
from melgan_vc.audio.pitch import FMIN
from melgan_vc.config.mel import MelConfig

HEIGHTS = 32
"""Numbers that share a pitch between them."""

_MOST_OF_A_SONG, _ALL_OF_A_VOICE = 1.6, 3.0  # times the spread, on either side of the middle


def prosody_columns(mel: MelConfig) -> int:
    """Numbers in a frame that `prosody_code` makes."""
    return HEIGHTS + 2 + mel.n_mels


def prosody_code(prosody: np.ndarray, mel: MelConfig) -> np.ndarray:
    """What a decoder is told of how high and how loud a frame is.

    A pitch is shared between the two nearest of 32 heights, so that a small network can tell its place, and shown as
    the fine structure that it gives a log-mel of these settings, see `harmonic_structure`; where there is no voice
    both are 0.

    Parameters
    ----------
    prosody : np.ndarray
        Shape ``(..., 3)``: pitch in octaves above 60 Hz, voiced or not, loudness.
    mel : MelConfig
        Of the log-mel that the decoder makes.

    Returns
    -------
    np.ndarray
        Shape ``(..., prosody_columns(mel))``, float32: heights, voiced, loudness, fine structure.
    """
    pitch, voiced, loudness = np.moveaxis(prosody, -1, 0)[..., None]
    pitch = np.clip(pitch, 0.0, OCTAVES)
    places = np.linspace(0.0, OCTAVES, HEIGHTS, dtype=np.float32)
    heights = np.maximum(0.0, 1.0 - np.abs(pitch - places) / (places[1] - places[0])) * voiced
    step = np.nan_to_num(pitch[..., 0] * ((STEPS - 1) / OCTAVES)).round().astype(int)
    fine = harmonic_structure(mel)[step] * voiced
    return np.concatenate([heights, voiced, 2.0 * loudness - 1.0, fine], axis=-1).astype(np.float32)


def beyond_range(own: np.ndarray, wanted: np.ndarray, semitones: float) -> str:
    """What is said of a song that leaves the range in which a voice was recorded; empty where it does not.

    Parameters
    ----------
    own, wanted : np.ndarray
        Shape ``(2,)``: middle and spread of the pitch of the song and of the voice, see `VoiceStatistics`.
    semitones : float
        Up from the nearest octave, as it is asked for.
    """
    if not (np.isfinite(own).all() and np.isfinite(wanted).all()):
        return ""
    middle = own[0] + np.round(wanted[0] - own[0]) + semitones / 12.0
    song, voice = _ends(middle, _MOST_OF_A_SONG * own[1]), _ends(wanted[0], _ALL_OF_A_VOICE * wanted[1])
    if voice[0] <= song[0] and song[1] <= voice[1]:
        return ""
    nearer = round(semitones + 12.0 * float(wanted[0] - middle))
    better = f". --semitones auto{nearer:+d} is nearer to it" if nearer != round(semitones) else ""
    return (
        f"the song goes from {_hertz(song)}, the voice was recorded from {_hertz(voice)} and may be hoarse "
        f"beyond{better}"
    )


def _ends(middle: float, away: float) -> tuple[float, float]:
    return float(middle - away), float(middle + away)


def _hertz(octaves: tuple[float, float]) -> str:
    return " to ".join(f"{FMIN * 2.0**end:.0f}" for end in octaves) + " Hz"


def moved_pitch(
    prosody: np.ndarray,
    own: np.ndarray,
    wanted: np.ndarray,
    *,
    semitones: float = 0.0,
    pitch_range: float = 1.0,
    sung: bool = False,
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
    sung : bool
        Whether intervals stay as they are, as a song's have to, and the octave alone is the wanted voice's.
    """
    moved = np.array(prosody, np.float32)
    if np.isfinite(own).all() and np.isfinite(wanted).all():
        if sung:
            moved[..., 0] += np.round(wanted[0] - own[0])
        else:
            moved[..., 0] = wanted[0] + (moved[..., 0] - own[0]) * (pitch_range * float(wanted[1]) / float(own[1]))
    moved[..., 0] += semitones / 12.0
    return moved
