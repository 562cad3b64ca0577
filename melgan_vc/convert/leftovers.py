"""What killed conversions have left half-written: found, and removed where nobody can still be at work on it."""

import contextlib
import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from melgan_vc.convert.streams import TEMPORARY

QUIET_SECONDS = 600.0
"""For what cannot be locked: a conversion writes every few seconds."""

_HALF_WRITTEN = re.compile(r"\.[0-9a-f]{32}\.part|\.partial-[a-z0-9_]{8}")
_PROCESSES = Path("/proc")


def sweep(folders: Iterable[Path]) -> None:
    """Remove the leftovers of killed conversions from folders of results, and from that of temporary files.

    Only our own, which nobody has locked or, where there are no locks, has written to for `QUIET_SECONDS`, and of
    which no process has a file open. What cannot be looked at or removed stays.
    """
    found = [path for folder in set(folders) for path in _entries(folder) if _HALF_WRITTEN.fullmatch(path.name)]
    old = [path for path in found if _is_ours(path) and _is_free(path)]
    streams = [path for path in _entries(Path(tempfile.gettempdir())) if path.name.startswith(TEMPORARY)]
    old += [path for path in streams if _is_ours(path) and _is_quiet(path)]
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


def _is_ours(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return all(part.lstat().st_uid == os.getuid() for part in _with_content(path))
    return False


def _is_free(path: Path) -> bool:
    """Whether the process that wrote a file or a folder is gone: it held a lock as long as it lived."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return _is_quiet(path)
    finally:
        os.close(descriptor)
    return True


def _is_quiet(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return all(part.lstat().st_mtime < time.time() - QUIET_SECONDS for part in _with_content(path))
    return False


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
