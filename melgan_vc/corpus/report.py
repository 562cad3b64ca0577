"""What was found in a folder of audio, for people and for JSON."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from melgan_vc.terminal.printable import printable
from melgan_vc.terminal.table import PlainTable

SHOWN_NAMES = 3


@dataclass(frozen=True)
class FileReport:
    """A usable file.

    Attributes
    ----------
    path : str
        Relative to the folder.
    digest : str
        Hash of its content.
    rate, channels : int
        Of the file: Hz, and 1 for mono.
    seconds, used_seconds : float
        Its length, and what is left of it after trimming.
    level_db : float
        Gated RMS level in dB of full scale.
    clipped : float
        Share of clipped samples, 0 to 1.
    bandwidth_hz : float
        Highest frequency with sound in Hz.
    damaged : int
        Packets that could not be decoded and were left out.
    held_out : bool
        Whether it is kept from training.
    offset : float
        Mean of its samples, 0 where it is none to speak of.
    """

    path: str
    digest: str
    rate: int
    channels: int
    seconds: float
    used_seconds: float
    level_db: float
    clipped: float
    bandwidth_hz: float
    damaged: int = 0
    held_out: bool = False
    offset: float = 0.0


@dataclass(frozen=True)
class SkippedFile:
    """A file that is not used.

    Attributes
    ----------
    path : str
        Relative to the folder.
    reason : str
        ``not audio``, ``unreadable``, ``empty``, ``NaN``, ``too short`` or ``silent``.
    detail : str
        What exactly, for a person; may be empty.
    """

    path: str
    reason: str
    detail: str = ""


@dataclass(frozen=True)
class FolderReport:
    """A folder of audio.

    Attributes
    ----------
    folder : str
        As it was given.
    rate : int
        Sampling rate of the features in Hz.
    fmax : float
        Highest frequency of the features in Hz.
    files : tuple of FileReport
        The usable files.
    skipped : tuple of SkippedFile
        The others.
    """

    folder: str
    rate: int
    fmax: float
    files: tuple[FileReport, ...]
    skipped: tuple[SkippedFile, ...] = ()

    @property
    def minutes(self) -> float:
        """Length of the usable files."""
        return sum(file.seconds for file in self.files) / 60.0

    @property
    def used_minutes(self) -> float:
        """What is left of them after trimming."""
        return sum(file.used_seconds for file in self.files) / 60.0

    @property
    def clipped(self) -> float:
        """Share of clipped samples, 0 to 1."""
        seconds = sum(file.seconds for file in self.files)
        return sum(file.clipped * file.seconds for file in self.files) / max(seconds, 1e-9)

    @property
    def bandwidth_hz(self) -> float:
        """Half of the audio reaches at least this frequency."""
        return self._median([file.bandwidth_hz for file in self.files])

    @property
    def level_db(self) -> float:
        """Half of the audio is at least this loud, in dB of full scale."""
        return self._median([file.level_db for file in self.files])

    def _median(self, values: list[float]) -> float:
        """Median over the usable audio, not over the files."""
        if not values:
            return 0.0
        order = np.argsort(values)
        so_far = np.cumsum([self.files[i].used_seconds for i in order])
        return float(values[order[np.searchsorted(so_far, so_far[-1] / 2)]])

    def to_json(self) -> dict:
        """Plain values, with the totals beside the files."""
        return {
            **asdict(self),
            "minutes": self.minutes,
            "used_minutes": self.used_minutes,
            "clipped": self.clipped,
            "bandwidth_hz": self.bandwidth_hz,
            "level_db": self.level_db,
        }

    @classmethod
    def from_json(cls, values: dict) -> "FolderReport":
        """The inverse of `to_json`."""
        return cls(
            folder=values["folder"],
            rate=values["rate"],
            fmax=values["fmax"],
            files=tuple(FileReport(**file) for file in values["files"]),
            skipped=tuple(SkippedFile(**file) for file in values["skipped"]),
        )

    def skipped_sentence(self) -> str:
        """Such as ``2 not audio (a.txt, b.pdf), 1 empty (c.wav)``; empty if nothing was skipped."""
        reasons = Counter(file.reason for file in self.skipped)
        return ", ".join(f"{count} {why} ({self._names(why)})" for why, count in reasons.most_common())

    def _names(self, reason: str) -> str:
        names = [printable(file.path) for file in self.skipped if file.reason == reason]
        return ", ".join(names[:SHOWN_NAMES]) + (", ..." if len(names) > SHOWN_NAMES else "")

    def __rich__(self) -> PlainTable:
        """A table for the terminal."""
        return folders_table([self])


def _counted(values: Sequence[int], unit: str = "") -> str:
    """Such as ``44100 Hz (12), 16000 Hz (3)``; without the count if all are alike."""
    counts = Counter(values).most_common()
    if len(counts) == 1:
        return f"{counts[0][0]}{unit}"
    return ", ".join(f"{value}{unit} ({count})" for value, count in counts)


_ROWS: dict[str, Callable[[FolderReport], str]] = {
    "files used": lambda report: str(len(report.files)),
    "of these held out": lambda report: str(sum(file.held_out for file in report.files)),
    "minutes": lambda report: f"{report.minutes:.1f}",
    "minutes after trimming": lambda report: f"{report.used_minutes:.1f}",
    "sampling rate": lambda report: _counted([file.rate for file in report.files], " Hz"),
    "channels": lambda report: _counted([file.channels for file in report.files]),
    "bandwidth": lambda report: f"{report.bandwidth_hz / 1000:.1f} kHz",
    "level": lambda report: f"{report.level_db:.1f} dB",
    "clipped samples": lambda report: f"{report.clipped:.2%}",
    "files skipped": lambda report: report.skipped_sentence() or "none",
}


def folders_table(reports: Sequence[FolderReport]) -> PlainTable:
    """The reports side by side, one column each, for `rich`."""
    table = PlainTable()
    table.add_column()
    for report in reports:
        table.add_column(printable(report.folder), overflow="fold")
    for name, cell in _ROWS.items():
        table.add_row(name, *(cell(report) for report in reports))
    return table
