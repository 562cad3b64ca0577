"""What a voice sounds like on average, and the map that brings one average to another."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.linalg

from melgan_vc.audio.mel import SILENCE
from melgan_vc.audio.voice_shift import shift_log_mel

PAUSE = -0.72
"""Mean over the bands of a log-mel's frame: at or below it is a pause."""

FADE = 0.2
"""So far below `PAUSE` a frame is left as it is; in between it is brought part of the way."""

_STEADY_FRAMES = 200
_MOST_FRAMES = 4000
_ENOUGH_FRAMES = 2000  # to believe in a covariance
_DOUBTED_FRAMES = 100
_DOUBTED_OF_WANTED = 400  # what is wrong in a covariance that is wanted is heard in every word
_LEAST_VARIANCE = 1e-4  # of a log-mel in [-1, 1]: half a dB


@dataclass(frozen=True, eq=False)
class Bands:
    """Mean and covariance of the mel bands over frames that are no pauses.

    Attributes
    ----------
    mean : np.ndarray
        Shape ``(n_mels,)``, of log-mels in [-1, 1].
    covariance : np.ndarray
        Shape ``(n_mels, n_mels)``.
    heard : np.ndarray or None
        The frames ``(T, n_mels)``, evenly thinned out where there are many; None where they are not known any more,
        and were more than enough.
    """

    mean: np.ndarray
    covariance: np.ndarray
    heard: np.ndarray | None = None

    @classmethod
    def of(cls, mel: np.ndarray) -> Self | None:
        """Of a log-mel ``(T, n_mels)``; None if it is all pause."""
        sounding = mel[mel.mean(axis=1) > PAUSE]
        if not len(sounding):
            return None
        mean = sounding.mean(axis=0, dtype=np.float64)
        apart = sounding - mean
        heard = sounding[:: -(-len(sounding) // _MOST_FRAMES)]
        return cls(mean, apart.T @ apart / len(sounding), heard)

    def moved(self, matrix: np.ndarray) -> Self:
        """Those of the same voice after ``(mel + 1) @ matrix - 1``, as `voice_shift` gives it, in [-1, 1]."""
        if self.heard is not None:
            again = type(self).of(shift_log_mel(self.heard, matrix))
            if again is not None:
                return again
        return type(self)((self.mean - SILENCE) @ matrix + SILENCE, matrix.T @ self.covariance @ matrix, self.heard)

    def towards(self, wanted: "Bands", typical: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Matrix ``(n_mels, n_mels)`` and offset ``(n_mels,)`` that bring a log-mel of these statistics to others.

        What is brought there is ``mel @ matrix + offset``: of all maps between two normal distributions the one that
        moves sound least, the optimal transport between them (Olkin and Pukelsheim 1982; Peyré and Cuturi 2019,
        "Computational optimal transport", eq. 2.40).

        A clip that is short says less of its voice than of its words: it is brought part of the way, and is believed
        to vary in part as ``typical``, a covariance ``(n_mels, n_mels)``, or else as the other does.
        """
        mine = self._steadied(wanted.covariance if typical is None else typical, _DOUBTED_FRAMES)
        its = wanted._steadied(self.covariance if typical is None else typical, _DOUBTED_OF_WANTED)
        matrix = _transport(mine, its)
        share = 1.0 if self.heard is None else min(1.0, len(self.heard) / _STEADY_FRAMES)
        offset = self.mean - self.mean @ matrix + share * (wanted.mean - self.mean)
        return matrix.astype(np.float32), offset.astype(np.float32)

    def _steadied(self, typical: np.ndarray, doubted: int) -> np.ndarray:
        """The covariance, the more like a typical one the less was heard."""
        enough = self.heard is None or len(self.heard) >= _ENOUGH_FRAMES
        share = 1.0 if enough else len(self.heard) / (len(self.heard) + doubted)
        return share * self.covariance + (1.0 - share) * typical + _LEAST_VARIANCE * np.eye(len(self.mean))


def match_bands(mel, matrix, offset, xp=np):
    """Log-mels ``(..., T, n_mels)`` in [-1, 1] brought to other bands, see `Bands.towards`; pauses stay pauses.

    ``xp`` is what computes: ``numpy``, or ``keras.ops`` where a gradient is wanted.
    """
    share = xp.clip((xp.mean(mel, axis=-1, keepdims=True) - PAUSE) / FADE + 1.0, 0.0, 1.0)
    return xp.clip(mel + share * (xp.matmul(mel, matrix) + offset - mel), -1.0, 1.0)


def _transport(mine: np.ndarray, its: np.ndarray) -> np.ndarray:
    """The symmetric matrix ``A`` with ``A @ mine @ A == its``."""
    root, inverse = _roots(mine)
    between, _ = _roots(root @ its @ root)
    return inverse @ between @ inverse


def _roots(covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The symmetric square root of a positive matrix, and its inverse."""
    values, vectors = scipy.linalg.eigh(covariance)
    values = np.sqrt(np.maximum(values, 1e-12))
    return (vectors * values) @ vectors.T, (vectors / values) @ vectors.T
