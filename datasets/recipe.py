"""What every recipe does alike: options, progress bar, licence note, and clips that survive an interruption."""

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf
from framework import MelganVcError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

console = Console(stderr=True)


def recipe_parser(name: str, description: str) -> argparse.ArgumentParser:
    """A parser with the options that every recipe has: ``--out`` and ``--cache``."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("data") / name, help="folder to fill with audio")
    parser.add_argument(
        "--cache", type=Path, default=Path("data/.cache"), help="folder for downloads, shared by the recipes"
    )
    return parser


def run_recipe(main: Callable[[], None]) -> None:
    """Call `main`; print an error that the user can mend as one sentence and exit with code 2."""
    try:
        main()
    except MelganVcError as error:
        console.print(f"[bold red]Error:[/] {error}", highlight=False, soft_wrap=True)
        sys.exit(2)
    except KeyboardInterrupt:
        console.print("Interrupted. Run the same command again: it goes on where it stopped.")
        sys.exit(130)


def progress_bar() -> Progress:
    """A bar that counts items and estimates the time that is left."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console)


@contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """Yield a temporary name beside `path`, renamed to `path` only when the block ends without an error.

    An interrupted run therefore never leaves half a file under the final name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The suffix stays last, because soundfile reads the format from it.
    beside = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        yield beside
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, as 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_clip(path: Path, audio: np.ndarray, rate: int) -> str:
    """Write mono float audio in [-1, 1] as 16-bit FLAC (``.flac``) or Vorbis (``.ogg``), whole or not at all.

    Parameters
    ----------
    path : Path
        Where to; the suffix chooses the format.
    audio : np.ndarray, shape (samples,)
        float32 in [-1, 1]. A peak above 0.99, which a filter can produce, is scaled down to 0.99.
    rate : int
        Sample rate in Hz.

    Returns
    -------
    str
        SHA-256 of the file.
    """
    peak = float(np.max(np.abs(audio), initial=0.0))
    if peak > 0.99:
        audio = audio * (0.99 / peak)
    with written_beside(path) as beside:
        sf.write(beside, audio, rate, subtype="PCM_16" if path.suffix == ".flac" else None)
    return sha256_of(path)


def make_clips(
    folder: Path,
    clips: Iterable[tuple[str, Callable[[], np.ndarray | None]]],
    checksums: "Checksums",
    *,
    minutes: float,
    rate: int,
) -> tuple[int, float]:
    """Make the clips of one voice until there are minutes enough.

    Parameters
    ----------
    folder : Path
        Of the voice, inside that of the checksums.
    clips : iterable of (str, callable)
        Names of files, and what makes the audio of one, ``(samples,)``, or None where there is none to be made.
    checksums : Checksums
        What is complete already; saved before returning.
    minutes : float
        How many.
    rate : int
        Samples per second.

    Returns
    -------
    made : int
        Clips.
    seconds : float
        Of all of them.
    """
    made, seconds = 0, 0.0
    try:
        with progress_bar() as bar:
            task = bar.add_task(folder.name, total=minutes)
            for name, make in clips:
                if seconds >= 60.0 * minutes:
                    break
                target = folder / name
                if not checksums.complete(target):
                    audio = make()
                    if audio is None:
                        continue
                    checksums.record(target, write_clip(target, audio, rate))
                seconds += sf.info(target).duration
                made += 1
                bar.update(task, completed=seconds / 60.0)
    finally:
        checksums.save()
    return made, seconds


class Checksums:
    """``checksums.json`` in an output folder: which clips are complete, and made with which settings.

    Parameters
    ----------
    folder : Path
        The output folder.
    settings : dict
        Options that change the audio. When they differ from the recorded ones, every clip is made again.
    """

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self.folder = folder
        self.path = folder / "checksums.json"
        self.settings = settings
        self.files: dict[str, str] = {}
        if self.path.exists():
            recorded = json.loads(self.path.read_text(encoding="utf-8"))
            if recorded.get("settings") == settings:
                self.files = recorded.get("files", {})

    def complete(self, path: Path) -> bool:
        """Whether `path` is there and is, byte for byte, the file that was recorded."""
        recorded = self.files.get(path.relative_to(self.folder).as_posix())
        return recorded is not None and path.exists() and sha256_of(path) == recorded

    def record(self, path: Path, sha256: str) -> None:
        """Remember that `path` is complete; call `save` to put it on disk."""
        self.files[path.relative_to(self.folder).as_posix()] = sha256

    def save(self) -> None:
        """Write the list beside and rename it."""
        content = {"settings": self.settings, "files": dict(sorted(self.files.items()))}
        with written_beside(self.path) as beside:
            beside.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def write_licence(folder: Path, text: str) -> None:
    """Write ``LICENSE.txt`` into the output folder and print it, so that nobody misses it."""
    folder.mkdir(parents=True, exist_ok=True)
    with written_beside(folder / "LICENSE.txt") as beside:
        beside.write_text(text.strip() + "\n", encoding="utf-8")
    console.print(text.strip(), highlight=False, markup=False)


def report(folder: Path, lines: list[str]) -> None:
    """Write ``REPORT.txt`` (what was made, what was skipped and why) and print it."""
    with written_beside(folder / "REPORT.txt") as beside:
        beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for line in lines:
        console.print(line, highlight=False, markup=False)
