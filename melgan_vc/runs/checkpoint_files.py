"""The checkpoints of a run as files: which there are, newest first, and whether they are whole."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.markup import escape

from melgan_vc.config.json_file import read_json
from melgan_vc.errors import MelganVcError

STATE = "state.npz"
PROGRESS = "progress.json"
WEIGHTS = "weights.weights.h5"
"""What conversion loads, as it was at that step. Checkpoints of the start and of earlier versions have none."""

_CHECKSUMS = "checksums.json"
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)


def checkpoint_folders(folder: Path) -> list[Path]:
    """Every checkpoint in ``checkpoints/``, whole or not, the newest first."""
    return sorted(folder.glob("step-*"), reverse=True)


def newest_whole(
    folder: Path, *, with_weights: bool = False, say: Callable[[str], None] = lambda line: None
) -> Path | None:
    """The newest checkpoint that is whole; None if there is none at all.

    Parameters
    ----------
    folder : Path
        The ``checkpoints/`` of a run.
    with_weights : bool
        Only those that can be converted with.
    say : callable
        Is given a line, with markup, if newer ones are damaged.

    Raises
    ------
    MelganVcError
        If there are some, and all are damaged.
    """
    damaged = []
    for place in checkpoint_folders(folder):
        if with_weights and not (place / WEIGHTS).is_file():
            continue
        reason = damage(place)
        if reason is None:
            if damaged:
                say(f"[yellow]{escape('; '.join(damaged))}. Going back to the whole one before, {place.name}.[/]")
            return place
        damaged.append(f"The checkpoint {place.name} is damaged ({reason})")
    if damaged:
        raise MelganVcError(f"Expected a whole checkpoint in {folder}, received: {'; '.join(damaged)}")
    return None


def write_checksums(place: Path) -> None:
    """Write down what the files of a checkpoint are, when all are there."""
    sums = {file.name: _checksum(file) for file in sorted(place.iterdir())}
    (place / _CHECKSUMS).write_text(json.dumps(sums, indent=2) + "\n", encoding="utf-8")


def damage(place: Path) -> str | None:
    """What is wrong with a checkpoint, in words; None if it is whole.

    One of a version that wrote no checksums is whole if everything in it can be read.
    """
    missing = [name for name in (STATE, PROGRESS) if not (place / name).is_file()]
    if missing:
        return f"there is no file {missing[0]}"
    try:
        if not (place / _CHECKSUMS).is_file():
            read_state(place), read_batches(place)
            return None
        sums = read_json(place / _CHECKSUMS)
        for name in (STATE, PROGRESS, *((WEIGHTS,) if WEIGHTS in sums else ())):
            if _checksum(place / name) != sums[name]:
                return f"{name} is not what was written"
    except _UNREADABLE as error:
        return _in_a_line(error)
    return None


def read_state(place: Path) -> dict[str, np.ndarray]:
    """The arrays of a checkpoint by name, in order; those of networks are called ``player/network/number-name``."""
    with np.load(place / STATE, allow_pickle=False) as saved:
        return {name: saved[name] for name in saved.files}


def read_batches(place: Path) -> int:
    """The batches that had been drawn from the corpus when a checkpoint was saved."""
    return int(read_json(place / PROGRESS)["batches"])


def read_checkpoint(place: Path) -> tuple[dict[str, np.ndarray], int]:
    """`read_state` and `read_batches`.

    Raises
    ------
    MelganVcError
        If it is damaged.
    """
    try:
        return read_state(place), read_batches(place)
    except _UNREADABLE as error:
        raise MelganVcError(
            f"Expected a whole checkpoint, received: {place} ({_in_a_line(error)}). Remove that folder to go on from "
            "the one before."
        ) from None


def _checksum(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _in_a_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
