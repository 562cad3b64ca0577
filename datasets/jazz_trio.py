"""A swung trio over a chord chart: walking bass, piano or guitar chords, and drums.

Everything that it plays is drawn from a seed by rules of this repository; it borrows no groove, pattern or
recording.
"""

import random

from comping import comping
from notes import DRUMS, Note
from swing_drums import BRUSHES, STICKS, swing_drums
from walking_bass import walking_bass

TEMPI = {4: ((88, 120), (128, 180)), 3: ((96, 120), (128, 170))}
"""By beats in a bar: the range of slow tunes and that of fast ones, in beats a minute. Half of the tunes are slow."""

BRUSHES_UP_TO = 120
"""Beats a minute; a faster tune is played with sticks."""

LATEST = 0.012
"""Seconds that bass and chords may be off the beat, as players are: 5 ms is usual."""


def trio(chords: list[str], meter: int, tempo: int, transpose: int, seed: int, chorus: int) -> list[Note]:
    """Bass, chords and drums.

    Parameters
    ----------
    chords : list of str
        The chord symbol that sounds on every beat of the tune.
    meter : int
        Beats in a bar, 4 or 3.
    tempo : int
        Beats a minute; beat ``b`` of the tune lies at ``b * 60 / tempo`` seconds.
    transpose : int
        Semitones.
    seed : int
        Same seed, same performance.
    chorus : int
        Beats of one chorus.

    Returns
    -------
    list of Note
        Sorted by start.
    """
    rng = random.Random(seed)
    players = (
        walking_bass(chords, meter, transpose, rng),
        comping(chords, meter, transpose, rng),
        swing_drums(len(chords), meter, BRUSHES if tempo <= BRUSHES_UP_TO else STICKS, chorus, rng),
    )
    notes, beat = [], 60 / tempo
    for start, length, channel, program, key, velocity in (played for player in players for played in player):
        # The drummer keeps the time exactly.
        off = 0.0 if channel == DRUMS else min(max(rng.gauss(0, 0.005), -LATEST), LATEST)
        begin = max(0.0, start * beat + off)
        loudness = min(max(round(rng.gauss(velocity, 0.05 * velocity)), 1), 127)
        notes.append(Note(begin, begin + length * beat, channel, program, key, loudness))
    return sorted(notes)
