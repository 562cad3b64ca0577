"""What is typical of a voice: what its content and its pitch are counted from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from melgan_vc.errors import MelganVcError
from melgan_vc.features.loudness import SOUNDING

_FEWEST_FRAMES = 8
_PERCENTILES = (16.0, 50.0, 84.0)  # of a pitch that is an octave off here and there
_NARROWEST = 0.04  # octaves
_ENOUGH_TO_TRUST = 2000.0  # frames, 32 s of speech: as much weight as what is typical. Less loses words


@dataclass(frozen=True, eq=False)
class VoiceStatistics:
    """Means and standard deviations.

    Attributes
    ----------
    content : np.ndarray
        Shape ``(2, columns)``, of frames that sound; ``(2, 0)`` where content comes without any.
    pitch : np.ndarray
        Shape ``(2,)``, in octaves above 60 Hz, of voiced frames: the median, and half the distance between the 16th
        and the 84th percentile, which is the deviation of a normal distribution. NaN where there are none.
        Of music it is the loudness of what lasts.
    frames : int
        That sound.
    """

    content: np.ndarray
    pitch: np.ndarray
    frames: int

    @classmethod
    def of(cls, pieces: Iterable[tuple[np.ndarray, np.ndarray]]) -> Self:
        """Of pieces of content ``(T, columns)`` and prosody ``(T, 3)``: pitch, voiced, loudness."""
        sums, pitches, frames = 0.0, [], 0
        for content, prosody in pieces:
            heard = content[prosody[:, 2] > SOUNDING].astype(np.float64)
            frames += len(heard)
            sums = sums + np.stack([heard.sum(axis=0), np.square(heard).sum(axis=0)])
            pitches.append(prosody[prosody[:, 1] > 0.5, 0])
        mean, square = sums / max(frames, 1)
        found = np.stack([mean, np.sqrt(np.maximum(square - mean**2, 1e-8))])
        return cls(found.astype(np.float32), spread_of(np.concatenate(pitches)), frames)

    def with_prior(self, typical: np.ndarray) -> np.ndarray:
        """Content's statistics, the less of them the file's own the shorter it is; ``typical`` has that shape."""
        own = self.frames / (self.frames + _ENOUGH_TO_TRUST)
        return (own * self.content + (1.0 - own) * typical).astype(np.float32)


def spread_of(values: np.ndarray) -> np.ndarray:
    """Median and half the distance between the 16th and the 84th percentile ``(2,)``; NaN of hardly any values."""
    known = len(values) >= _FEWEST_FRAMES
    low, middle, high = np.percentile(values.astype(np.float64), _PERCENTILES) if known else (np.nan,) * 3
    return np.array([middle, max(0.5 * (high - low), _NARROWEST)], np.float32)  # NaN stays NaN


def require_speech(name: str, found: VoiceStatistics, *, pitch: bool) -> None:
    """Raise a `MelganVcError` unless there is something to learn from: sound and, if asked, a pitch."""
    if not found.frames:
        raise MelganVcError(
            f"Expected speech in the folder of {name}, received: recordings in which nothing is louder than -48 dB. "
            "Look for what is wrong with it with: melgan-vc inspect"
        )
    if pitch and np.isnan(found.pitch).any():
        raise MelganVcError(
            f"Expected a voice with a pitch of 60 to 500 Hz in the folder of {name}, received: recordings without "
            "any. Give it recordings of one person who speaks, and no whispering, noise or music."
        )


def standardised(content: np.ndarray, statistics: np.ndarray) -> np.ndarray:
    """Content ``(..., columns)`` with mean 0 and standard deviation 1 in every column."""
    mean, deviation = statistics
    return (content - mean) / deviation
