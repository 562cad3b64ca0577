"""Which of the twelve pitch classes sound, read from a log-mel by two fixed matrices."""

from functools import lru_cache

import numpy as np

from melgan_vc.audio.mel import band_edges
from melgan_vc.config.mel import MelConfig

_LOWEST, _HIGHEST = 400.0, 2000.0  # Hz: below, bands are wider than semitones; above, overtones are no harmony
_AROUND = 1.0 / 3.0  # octaves on either side, over which a band stands out
_WIDTH = 0.35  # semitones
_A4 = 440.0


@lru_cache(maxsize=8)
def pitch_class_filters(mel: MelConfig) -> tuple[np.ndarray, np.ndarray]:
    """What each band stands out by, and which pitch class it is of.

    Parameters
    ----------
    mel : MelConfig
        Of the log-mels.

    Returns
    -------
    (contrast, classes) : np.ndarray
        Shapes ``(n_mels, n_mels)`` and ``(n_mels, 12)``, float32: ``relu(log_mel @ contrast) @ classes`` has the
        strength of A, A sharp and so on in each frame. Bands below 400 Hz, where they are wider than a semitone, and
        above 2 kHz are of none.
    """
    centres = band_edges(mel)[1:-1]
    octaves = np.log2(np.maximum(centres, 1.0) / _A4)
    near = np.abs(octaves[:, None] - octaves) <= _AROUND
    contrast = np.eye(mel.n_mels) - near / near.sum(axis=0)
    away = (12.0 * octaves[:, None] - np.arange(12) + 6.0) % 12.0 - 6.0
    heard = (centres >= _LOWEST) & (centres <= _HIGHEST)
    classes = np.exp(-0.5 * np.square(away / _WIDTH)) * heard[:, None]
    return contrast.astype(np.float32), classes.astype(np.float32)
