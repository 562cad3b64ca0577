"""Whether somebody speaks in a recording, by what its pitch does."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from melgan_vc.audio.pitch import FMIN
from melgan_vc.features.loudness import SOUNDING

LEAST_SECONDS = 2.0
"""Of less sound nothing is said: a word may have no voiced sound."""

_RANGE = (5.0, 50.0, 95.0)  # percentiles
_LEAST_VOICED, _FEW_VOICED = 0.05, 0.25
_LEAST_MOVEMENT, _LITTLE_MOVEMENT = 5.0, 10.0  # semitones a second
_LEAP = 3.0  # semitones from one frame to the next: another note, or an octave that was mistaken


@dataclass(frozen=True)
class Spoken:
    """How a recording compares with speech.

    A voice that speaks never holds a pitch, and an instrument does. In the folders of five speakers, 64 to 85 % of
    what sounds is voiced, and its pitch moves by 20 to 25 semitones a second; in rendered jazz and classical music
    it moves by 2 to 3, and noise has no pitch. Singing is in between.

    Attributes
    ----------
    seconds : float
        That sound.
    voiced : float
        Share of them with a pitch of 60 to 500 Hz, 0 to 1.
    movement : float
        Semitones a second that the pitch moves by, the median; NaN where there is none.
    hertz : tuple of float
        The pitch below which 5 %, 50 % and 95 % of what is voiced are; NaN where there is none.
    """

    seconds: float
    voiced: float
    movement: float
    hertz: tuple[float, float, float] = (float("nan"),) * 3

    @classmethod
    def of(cls, pieces: Iterable[np.ndarray], frames_per_second: float) -> Self:
        """Of pieces of prosody ``(T, 3)``: octaves above 60 Hz and voiced, see `Pitch`, and `Loudness`."""
        sounding, voiced, steps, pitches = 0, 0, [np.zeros(0)], [np.zeros(0)]
        for prosody in pieces:
            sounds = prosody[:, 2] > SOUNDING
            has_pitch = sounds & (prosody[:, 1] > 0.5)
            sounding, voiced = sounding + int(sounds.sum()), voiced + int(has_pitch.sum())
            pitches.append(prosody[has_pitch, 0])
            moved = 12.0 * np.abs(np.diff(prosody[:, 0].astype(np.float64)))
            steps.append(moved[has_pitch[1:] & has_pitch[:-1] & (moved < _LEAP)])
        steps = np.concatenate(steps)
        movement = float(np.median(steps)) * frames_per_second if len(steps) else float("nan")
        pitches = np.concatenate(pitches)
        hertz = FMIN * 2.0 ** np.percentile(pitches, _RANGE) if len(pitches) else np.full(3, np.nan)
        return cls(sounding / frames_per_second, voiced / max(sounding, 1), movement, tuple(map(float, hertz)))

    @property
    def fault(self) -> str:
        """Why there is nothing of speech in it, as a part of a sentence; empty where there may be."""
        if self.seconds < LEAST_SECONDS or self.unsung:
            return self.unsung
        if self.movement < _LEAST_MOVEMENT:
            return f"the pitch moves by {self.movement:.1f} semitones a second, as that of music; speech moves by 20"
        return ""

    @property
    def unsung(self) -> str:
        """Why there is not even a song in it, as a part of a sentence; empty where there may be."""
        if self.seconds >= LEAST_SECONDS and self.voiced < _LEAST_VOICED:
            return f"of what sounds {self.voiced:.0%} has the pitch of a voice, as in noise or whispering"
        return ""

    @property
    def doubt(self) -> str:
        """What is unlike speech in it, as a part of a sentence; empty where nothing is."""
        if self.fault or self.seconds < LEAST_SECONDS:
            return self.fault
        if self.voiced < _FEW_VOICED:
            return f"of what sounds only {self.voiced:.0%} has the pitch of a voice, where speech has 60 to 85 %"
        if self.movement < _LITTLE_MOVEMENT:
            return (
                f"the pitch moves by {self.movement:.1f} semitones a second, as where music or singing is in it; "
                "speech moves by 20"
            )
        return ""
