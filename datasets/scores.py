"""Classical music from the score corpus inside the music21 wheel, one list of notes a movement."""

import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from framework import MelganVcError
from notes import Note

SCORES = Path(__file__).parent / "scores.txt"

RESTRICTED = re.compile(r"non-?\s?commercial|rights\s+reserved|copyright|©|CC.BY.NC", re.IGNORECASE)
"""A score whose text matches this is refused, even when it is on the allow-list."""


@dataclass(frozen=True)
class Score:
    """One line of the allow-list."""

    path: str
    tempo: int
    work: str
    held_out: bool

    @property
    def name(self) -> str:
        """File name without a suffix."""
        return Path(self.path).with_suffix("").as_posix().replace("/", "-").replace(".", "_")


def allowed_scores() -> list[Score]:
    """The allow-list ``scores.txt``: path | tempo if the score has none | work | "held out"."""
    lines = [line for line in SCORES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    fields = [[field.strip() for field in line.split("|")] for line in lines]
    return [Score(path, int(tempo), work, mark == "held out") for path, tempo, work, mark in fields]


def restriction(path: Path) -> str:
    """The words in a MusicXML file that forbid its use here, or an empty string.

    A Creative Commons Attribution licence is no obstacle.
    """
    if path.suffix == ".mxl":
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith("xml") and "META-INF" not in name]
            text = archive.read(names[0]).decode("utf-8", "replace")
    else:
        text = path.read_text(encoding="utf-8", errors="replace")
    text = text.replace("© 2014, Creative Commons License (CC-BY)", "")
    found = RESTRICTED.search(text)
    return found.group(0) if found else ""


def score_notes(path: Path, default_tempo: int, seed: int = 0) -> list[Note]:
    """The notes of a score with its repeats, tempi and dynamics.

    Parameters
    ----------
    path : Path
        MusicXML file.
    default_tempo : int
        Quarter notes a minute where the score names no tempo.
    seed : int
        Of the small differences in loudness from note to note.

    Returns
    -------
    list of Note
        Sorted by start; one MIDI channel a part, every instrument a piano (see `notes.for_ensemble`).

    Raises
    ------
    MelganVcError
        When the score cannot be read or its repeats do not expand.
    """
    import music21

    rng = random.Random(seed)
    try:
        # music21 raises a dozen kinds of error here; all mean that this score has to be skipped.
        score = music21.converter.parse(path)
        if len(score.parts) > 8:
            raise ValueError(f"{len(score.parts)} parts")
        parts = [part.expandRepeats().stripTies() for part in score.parts]
        seconds = tempo_map(score.parts[0].expandRepeats(), default_tempo)
    except Exception as error:
        raise MelganVcError(f"{path.name} cannot be played: {type(error).__name__}: {error}") from error

    notes = []
    for channel, part in enumerate(parts):
        flat = part.flatten()
        dynamics = [(float(mark.offset), mark.volumeScalar) for mark in flat.getElementsByClass("Dynamic")]
        for element in flat.notes:
            start, length = float(element.offset), float(element.quarterLength)
            if length == 0:
                continue  # a grace note
            level = next((scalar for offset, scalar in reversed(dynamics) if offset <= start), 0.65)
            velocity = round(min(max(127 * level + rng.uniform(-6, 6), 30), 120))
            begin = seconds(start)
            # A little air between notes: repeated notes would melt into one.
            end = max(seconds(start + length) - 0.02, begin + 0.03)
            notes += [Note(begin, end, channel, 0, int(pitch.midi), velocity) for pitch in element.pitches]
    if not notes:
        raise MelganVcError(f"{path.name} cannot be played: it holds no note")
    first = min(note.start for note in notes)
    return sorted(replace(note, start=note.start - first, end=note.end - first) for note in notes)


def tempo_map(part: Any, default_tempo: int) -> Callable[[float], float]:
    """A function from quarter notes to seconds, from the metronome marks of a part."""
    marks = [
        (float(mark.getOffsetInHierarchy(part)), mark.getQuarterBPM() or default_tempo)
        for mark in part.recurse().getElementsByClass("MetronomeMark")
    ]
    if not marks or marks[0][0] > 0:
        marks.insert(0, (0.0, default_tempo))

    def seconds(quarters: float) -> float:
        total = 0.0
        for (offset, tempo), (following, _) in zip(marks, [*marks[1:], (float("inf"), 0)], strict=True):
            if quarters <= offset:
                break
            total += (min(quarters, following) - offset) * 60 / tempo
        return total

    return seconds
