"""A swung solo line over a chord chart: chord tones on the beat, steps towards them between beats."""

import random
import re

from framework import MelganVcError
from notes import Note

SOLOISTS = (11, 11, 26, 56, 59, 65, 66, 71, 0)
"""General MIDI: vibraphone (twice), jazz guitar, trumpet, muted trumpet, alto and tenor sax, clarinet, piano."""

LEAD_CHANNEL = 0
"""MIDI channel of the solo; MMA counts its own down from 15."""

ROOTS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
QUALITIES = {
    "M7": (0, 4, 7, 11),
    "7": (0, 4, 7, 10),
    "9": (0, 4, 7, 10, 2),
    "m7": (0, 3, 7, 10),
    "m6": (0, 3, 7, 9),
    "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
}
"""Semitones above the root."""

LOWEST, HIGHEST = 60, 84
"""Range of the solo in MIDI notes."""


def chord_quality(symbol: str) -> tuple[int, str]:
    """Root (0 to 11) and quality, a key of `QUALITIES`, of a chord symbol.

    >>> chord_quality("Bbm7")
    (10, 'm7')
    """
    match = re.fullmatch(r"([A-G])([#b]?)(.+)", symbol)
    if match is None or match[3] not in QUALITIES:
        raise MelganVcError(f"Expected a chord such as C7 or Bbm7 ({', '.join(QUALITIES)}), received: {symbol!r}")
    return (ROOTS[match[1]] + {"#": 1, "b": -1, "": 0}[match[2]]) % 12, match[3]


def chord_tones(symbol: str) -> tuple[int, ...]:
    """Pitch classes (0 to 11) of a chord symbol, from the root upwards.

    >>> chord_tones("Bbm7")
    (10, 1, 5, 8)
    """
    root, quality = chord_quality(symbol)
    return tuple((root + interval) % 12 for interval in QUALITIES[quality])


def nearest(key: float, pitch_classes: tuple[int, ...], rng: random.Random) -> int:
    """One of the two keys nearest to `key` within the range that belong to the chord."""
    inside = [note for note in range(LOWEST, HIGHEST + 1) if note % 12 in pitch_classes]
    return rng.choice(sorted(inside, key=lambda note: abs(note - key))[:2])


def solo(chords: list[str], tempo: int, transpose: int, seed: int) -> list[Note]:
    """A solo line.

    Parameters
    ----------
    chords : list of str
        The chord symbol that sounds on every beat of the tune.
    tempo : int
        Beats a minute.
    transpose : int
        Semitones.
    seed : int
        Same seed, same solo.

    Returns
    -------
    list of Note
        Swung eighth notes in phrases of two to seven beats, with rests of one to four between them.
    """
    rng = random.Random(seed)
    program, beat = rng.choice(SOLOISTS), 60 / tempo
    line: list[tuple[float, int]] = []  # start in beats, key before the transposition
    position, key = rng.randrange(0, 3), rng.randrange(67, 77)
    while position < len(chords):
        drift = rng.choice((-2.5, -1.0, 1.0, 2.5))
        for _ in range(rng.randrange(2, 8)):
            if position >= len(chords):
                break
            key = nearest(key + drift + rng.uniform(-2, 2), chord_tones(chords[position]), rng)
            line.append((float(position), key))
            position += 1
            if position < len(chords) and rng.random() < 0.65:
                target = nearest(key + drift, chord_tones(chords[position]), rng)
                # A step from above or below into the coming chord, on the swung second eighth.
                line.append((position - 1 / 3, target + rng.choice((-2, -1, 1, 2))))
                key = target
        position += rng.randrange(1, 5)

    notes = []
    following = [start for start, _ in line[1:]] + [float(len(chords))]
    for (start, pitch), after in zip(line, following, strict=True):
        length = min(after - start, 1.5) * rng.choice((0.7, 0.95))
        accent = rng.randrange(88, 112) if start % 1 else rng.randrange(78, 100)
        notes.append(Note(start * beat, (start + length) * beat, LEAD_CHANNEL, program, pitch + transpose, accent))
    return notes
