"""Music as a list of notes: from a MIDI file, and the same notes on other instruments."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import NamedTuple

DRUMS = 9
"""The MIDI channel that holds drums."""

ENSEMBLES = {
    "strings": ((67, 40), (58, 41), (43, 42), (0, 43)),  # violin, viola, cello, double bass
    "winds": ((72, 73), (62, 68), (52, 71), (0, 70)),  # flute, oboe, clarinet, bassoon
    "choir": ((0, 52),),
    "piano": ((0, 0),),
}
"""Of each instrument the lowest median pitch that it is given (MIDI note), and its General MIDI program."""


@dataclass(frozen=True, order=True)
class Note:
    """One note of one instrument.

    Attributes
    ----------
    start, end : float
        Seconds.
    channel : int
        MIDI channel, 0 to 15; 9 is drums.
    program : int
        General MIDI instrument, 0 to 127.
    key : int
        MIDI note number, 60 is middle C.
    velocity : int
        Loudness, 1 to 127.
    """

    start: float
    end: float
    channel: int
    program: int
    key: int
    velocity: int


class Played(NamedTuple):
    """A note as written: `start` and `length` in beats; the other fields as in `Note`."""

    start: float
    length: float
    channel: int
    program: int
    key: int
    velocity: float


@dataclass(frozen=True)
class Strike:
    """A key going down (`velocity` above 0) or up (0) at a time in seconds; the other fields as in `Note`."""

    time: float
    channel: int
    program: int
    key: int
    velocity: int


def notes_of_strikes(strikes: Iterable[Strike], end: float) -> list[Note]:
    """Notes from strikes in order of time; what still sounds then ends at `end` seconds.

    A key that is struck again while it sounds ends its earlier note. MMA's guitars rely on that: they strum
    without a release, and a synthesiser that keeps every note runs out of voices within seconds.
    """
    sounding: dict[tuple[int, int], Note] = {}
    notes = []
    for strike in strikes:
        if earlier := sounding.pop((strike.channel, strike.key), None):
            notes.append(replace(earlier, end=strike.time))
        if strike.velocity > 0:
            sounding[strike.channel, strike.key] = Note(
                strike.time, end, strike.channel, strike.program, strike.key, strike.velocity
            )
    return sorted(note for note in [*notes, *sounding.values()] if note.end > note.start)


def notes_of_midi(path: Path) -> list[Note]:
    """The notes of a MIDI file, sorted by start."""
    from tinysoundfont import midi

    programs: dict[int, int] = {}
    strikes = []
    events = midi.load(str(path))
    for event in events:
        action, channel = event.action, event.channel
        if isinstance(action, midi.ProgramChange):
            programs[channel] = action.program
        elif isinstance(action, midi.NoteOn | midi.NoteOff):
            velocity = getattr(action, "velocity", 0)
            strikes.append(Strike(event.t, channel, programs.get(channel, 0), action.key, velocity))
    return notes_of_strikes(strikes, end=events[-1].t)


def program_for(pitches: Iterable[int], ensemble: str) -> int:
    """General MIDI program of the instrument of an ensemble whose register suits these MIDI notes.

    >>> program_for([76, 79, 81], "strings"), program_for([40, 43, 48], "winds")
    (40, 70)
    """
    middle = median(pitches)
    return next(program for lowest, program in ENSEMBLES[ensemble] if middle >= lowest)


def for_ensemble(notes: list[Note], ensemble: str) -> list[Note]:
    """The same notes without the drums, each channel on the instrument of its register."""
    notes = [note for note in notes if note.channel != DRUMS]
    keys: dict[int, list[int]] = {}
    for note in notes:
        keys.setdefault(note.channel, []).append(note.key)
    programs = {channel: program_for(pitches, ensemble) for channel, pitches in keys.items()}
    return [replace(note, program=programs[note.channel]) for note in notes]
