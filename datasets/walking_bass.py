"""A walking bass: one note on every beat, towards the root, third or fifth of the chord that comes next."""

import random

from improvise import chord_tones
from notes import Played

CHANNEL, PROGRAM = 1, 32
"""MIDI channel, and acoustic bass in General MIDI."""

LOWEST, HIGHEST = 28, 50
"""Range in MIDI notes: the open E string to the D above the open G string."""


def walking_bass(chords: list[str], meter: int, transpose: int, rng: random.Random) -> list[Played]:
    """One note a beat for `chords`, the symbol on every beat; `transpose` is in semitones.

    Where a bar or a chord begins stands a root, third or fifth; the last beat before it leads there.
    """
    beats = [beat for beat in range(len(chords)) if beat % meter == 0 or chords[beat] != chords[beat - 1]]
    goals = goal_keys(chords, beats, transpose, rng)
    line: list[int] = []
    for index, (beat, goal) in enumerate(zip(beats, goals, strict=True)):
        is_last = index + 1 == len(beats)
        following, target = (len(chords), goals[0]) if is_last else (beats[index + 1], goals[index + 1])
        line.append(goal)
        for step in range(1, following - beat - 1):
            wanted = goal + (target - goal) * step / (following - beat) + rng.uniform(-5, 5)
            options = [key for key in keys_of(chord_tones(chords[beat]), transpose) if key not in (line[-1], target)]
            line.append(min(options, key=lambda key: abs(key - wanted)))
        if following - beat > 1:
            # The last beat leads: a half step or a step from either side, or the fifth of what comes.
            leading = [target + step for step in rng.sample((-1, -1, 1, 1, -2, 2, 7, -5), 8)]
            inside = [key for key in leading if LOWEST <= key <= HIGHEST and key != line[-1]]
            near = [key for key in inside if abs(key - line[-1]) <= 7]
            line.append(near[0] if near else min(inside, key=lambda key: abs(key - line[-1])))

    played = []
    for beat, key in enumerate(line):
        # A dead note, skipped into the next beat, on one beat of ten.
        skips = beat + 1 < len(line) and rng.random() < 0.1
        # At velocities above these the power of the mix lies below 150 Hz and little else is heard.
        velocity = 35 if beat % meter in (0, 2) else 38
        played.append(Played(beat, 0.55 if skips else 0.92, CHANNEL, PROGRAM, key, velocity))
        if skips:
            played.append(Played(beat + 2 / 3, 0.2, CHANNEL, PROGRAM, key, 22))
    return played


def goal_keys(chords: list[str], beats: list[int], transpose: int, rng: random.Random) -> list[int]:
    """The keys on the beats where a bar or a chord begins: most often the root of a new chord."""
    goals, key, climbs = [], 38, True
    for beat in beats:
        is_new = beat == 0 or chords[beat] != chords[beat - 1]
        tone = rng.choices(chord_tones(chords[beat])[:3], (8, 1, 1) if is_new else (3, 2, 4))[0]
        # The line climbs until it nears the top of the range, then falls: it does not hover.
        climbs = key < 34 or (climbs and key < 45)
        wanted = key + (3.5 if climbs else -3.5)
        options = keys_of((tone,), transpose)
        key = min([option for option in options if option != key] or options, key=lambda option: abs(option - wanted))
        goals.append(key)
    return goals


def keys_of(tones: tuple[int, ...], transpose: int) -> list[int]:
    """Keys in the range that belong to these pitch classes, transposed."""
    return [key for key in range(LOWEST, HIGHEST + 1) if (key - transpose) % 12 in tones]
