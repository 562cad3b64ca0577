"""What killed conversions have left half-written: found, and removed where nobody can still be at work on it."""

import contextlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from melgan_vc.convert.streams import TEMPORARY

QUIET_SECONDS = 600.0
"""A conversion writes every few seconds; one on another machine, whose open files nobody sees here, as well."""

_HALF_WRITTEN = re.compile(r"\.[0-9a-f]{32}\.part|\.partial-[a-z0-9_]{8}")
_PROCESSES = Path("/proc")


def sweep(folders: Iterable[Path]) -> None:
    """Remove the leftovers of killed conversions from folders of results, and from that of temporary files.

    Only our own, of which no process has a file open and which nobody has written to for `QUIET_SECONDS`. What cannot
    be looked at or removed stays.
    """
    found = [path for folder in set(folders) for path in _entries(folder) if _HALF_WRITTEN.fullmatch(path.name)]
    found += [path for path in _entries(Path(tempfile.gettempdir())) if path.name.startswith(TEMPORARY)]
    old = [path for path in found if _is_ours_and_quiet(path)]
    if not old or not _PROCESSES.is_dir():
        return
    used = _files_in_use()
    for path in old:
        if used.isdisjoint(map(_identity, _with_content(path))):
            with contextlib.suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _entries(folder: Path) -> list[Path]:
    try:
        return [*folder.iterdir()]
    except OSError:
        return []


def _with_content(path: Path) -> list[Path]:
    return [path, *path.rglob("*")]


def _is_ours_and_quiet(path: Path) -> bool:
    try:
        found = [part.lstat() for part in _with_content(path)]
    except OSError:
        return False
    return all(one.st_uid == os.getuid() and one.st_mtime < time.time() - QUIET_SECONDS for one in found)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _files_in_use() -> set[tuple[int, int] | None]:
    """Device and number of every file that a process of ours has open."""
    processes = [path for path in _entries(_PROCESSES) if path.name.isdigit()]
    return {_identity(path) for process in processes for path in _entries(process / "fd")} - {None}
