"""Swung drums: ride cymbal or brushes, hi-hat on the weak beats, a soft bass drum, snare answers and fills."""

import random

from notes import DRUMS, Played

BRUSHES, STICKS = 40, 32
"""Drum kits of General MIDI level 2: brush and jazz."""

KICK, SIDE_STICK, SNARE, SWISH, PEDAL_HAT, LOW_TOM, HIGH_TOM, CRASH, RIDE = 36, 37, 38, 40, 44, 45, 48, 49, 51
"""General MIDI drum keys; 40 is a stirred brush in the brush kit."""

OFFBEAT = 2 / 3
"""Where in a beat its swung second eighth lies."""


def swing_drums(beats: int, meter: int, kit: int, chorus: int, rng: random.Random) -> list[Played]:
    """Drums for so many `beats`; with sticks, a cymbal opens every chorus of `chorus` beats."""
    strikes: dict[tuple[float, int], float] = {}

    def strike(start: float, key: int, velocity: float) -> None:
        # One drum is struck once at a time: the louder of two wins.
        strikes[start, key] = max(velocity, strikes.get((start, key), 0))

    time_key, loud = (SNARE, 0.9) if kit == BRUSHES else (RIDE, 1.0)
    for beat in range(beats):
        within, bar = beat % meter, beat // meter
        weak = within % 2 == 1 if meter == 4 else within > 0
        strike(beat, time_key, loud * (84 if weak else 72))
        if rng.random() < (0.8 if within % 2 == 1 else 0.12):
            strike(beat + OFFBEAT, time_key, loud * 60)
        if weak and (meter == 4 or within == 1 or rng.random() < 0.4):
            strike(beat, PEDAL_HAT, 110)
        if meter == 4 or within == 0:
            strike(beat, KICK, 32)
        if kit == BRUSHES and within % 2 == 0:
            strike(beat, SWISH, 70)
        if kit == STICKS and beat % chorus == 0:
            strike(beat, CRASH, 70)

        if within == meter - 1 and bar % 4 == 3:
            for third in range(3):
                if rng.random() < 0.75:
                    strike(beat + third / 3, rng.choice((SNARE, SNARE, HIGH_TOM, LOW_TOM)), 62 + 10 * third)
        elif kit == STICKS and rng.random() < 0.28:
            answer = rng.choice((SNARE, SNARE, SNARE, SIDE_STICK, KICK))
            strike(beat + rng.choice((OFFBEAT, OFFBEAT, 1 / 3)), answer, rng.uniform(40, 72))
    return [Played(start, 0.2, DRUMS, kit, key, velocity) for (start, key), velocity in sorted(strikes.items())]
