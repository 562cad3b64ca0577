"""Rootless chords on piano or guitar, in rhythms that lean on the off-beats."""

import random
from itertools import pairwise
from math import ceil

from improvise import chord_quality
from notes import Played

CHANNEL, PIANO, GUITAR = 2, 0, 26
"""MIDI channel, and the two instruments in General MIDI."""

OFFBEAT = 2 / 3
"""Where in a beat its swung second eighth lies."""

VOICINGS = {
    "M7": (4, 7, 11, 14),
    "7": (4, 9, 10, 14),
    "9": (4, 9, 10, 14),
    "m7": (3, 7, 10, 14),
    "m6": (3, 7, 9, 14),
    "m7b5": (3, 6, 10, 12),
    "dim7": (3, 6, 9, 12),
}
"""Semitones above the root: third, fifth or thirteenth, seventh or sixth, ninth. The bass has the root."""

LOWEST, HIGHEST = 51, 73
"""Range in MIDI notes: below it they are mud, above it they cross the solo."""

RHYTHMS = {
    4: (
        ((0, 0.9), (1 + OFFBEAT, 0.3)),
        ((OFFBEAT, 0.3), (2, 0.8)),
        ((1 + OFFBEAT, 0.3), (3 + OFFBEAT, 0.3)),
        ((1, 0.4), (3, 0.4)),
        ((OFFBEAT, 0.3), (2 + OFFBEAT, 1.2)),
        ((1, 0.3), (1 + OFFBEAT, 0.3), (3 + OFFBEAT, 0.9)),
        ((0, 1.8), (2 + OFFBEAT, 0.3)),
        ((1 + OFFBEAT, 1.5),),
        ((0, 3.0),),
        ((3 + OFFBEAT, 0.3),),
    ),
    3: (
        ((0, 0.9), (1 + OFFBEAT, 0.3)),
        ((1, 0.4), (2, 0.4)),
        ((OFFBEAT, 0.3), (2, 0.6)),
        ((1 + OFFBEAT, 1.0),),
        ((0, 2.4),),
        ((OFFBEAT, 0.3), (1 + OFFBEAT, 0.3)),
        ((1, 0.3), (2 + OFFBEAT, 0.3)),
    ),
}
"""By beats in a bar, one bar each: where a chord is struck and how long it sounds, both in beats."""


def comping(chords: list[str], meter: int, transpose: int, rng: random.Random) -> list[Played]:
    """Chords for `chords`, the symbol on every beat; one struck on an off-beat anticipates the next beat's."""
    program = rng.choice((PIANO, PIANO, GUITAR))
    strikes: list[tuple[float, float]] = []
    rhythm = RHYTHMS[meter][0]
    for bar in range(0, len(chords), meter):
        # Now and then a rhythm comes twice, as a riff.
        rhythm = rng.choice(RHYTHMS[meter]) if rng.random() < 0.7 else rhythm
        strikes += [(bar + start, length) for start, length in rhythm if ceil(bar + start) < len(chords)]

    played: list[Played] = []
    voicing = [56, 60, 63, 67]
    for (start, length), (following, _) in pairwise([*strikes, (float("inf"), 0.0)]):
        beat = ceil(start)
        change = next((later for later in range(beat, len(chords)) if chords[later] != chords[beat]), len(chords))
        end = min(start + length, change, following - 0.1)
        voicing = nearest_voicing(chords[beat], transpose, voicing)
        velocity = rng.uniform(98, 112) + (8 if start % 1 else 0)
        # A guitar leaves the lowest note out and strums the rest.
        keys, strum = (voicing[1:], 0.012) if program == GUITAR else (voicing, 0.0)
        for index, key in enumerate(keys):
            late = start + index * strum
            played.append(Played(late, end - late, CHANNEL, program, key, velocity))
    return played


def nearest_voicing(symbol: str, transpose: int, before: list[int]) -> list[int]:
    """The rotation of a chord's rootless voicing, four keys upwards, to which the hand moves least."""
    root, quality = chord_quality(symbol)
    above = [(root + interval + transpose) % 12 for interval in VOICINGS[quality]]
    lowest = [key for key in range(LOWEST, HIGHEST + 1) if key % 12 in above]
    options = [sorted(key + (pitch - key) % 12 for pitch in above) for key in lowest]
    inside = [keys for keys in options if keys[-1] <= HIGHEST]
    return min(inside, key=lambda keys: sum(abs(a - b) for a, b in zip(keys, before, strict=True)))
