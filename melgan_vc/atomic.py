"""Files and folders that appear whole or not at all, whatever happens: written beside, synced, then renamed."""

import contextlib
import errno
import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from melgan_vc.errors import MelganVcError

_OURS = re.compile(r"\.partial-[a-z0-9_]{8}")
_OLDER = (".partial-", ".writing-")  # until 0.1, by processes that locked nothing
_BEFORE = ".before"
_DAY = 86400.0
_NO_ROOM = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is larger than the system allows",
}


class NoRoomError(MelganVcError):
    """What was to be written does not fit on the disk; what was there before is as it was."""


@contextlib.contextmanager
def replacing(path: Path, *, synced: bool = True) -> Iterator[Path]:
    """Give a hidden path beside ``path`` to write to; rename it to ``path`` if the block ends well.

    Works for a file and for a folder, and for several threads and processes at once. What was there before stays
    until the last moment, and after a power cut either is there, whole.

    Parameters
    ----------
    path : Path
        What is to appear. Missing folders above it are made.
    synced : bool
        Wait until it is on the disk. Without, for what is checked when it is found and can be made again, a power
        cut may leave it empty.

    Raises
    ------
    NoRoomError
        If the disk is full.
    """
    try:
        make_folder(path.parent)
        with _working_folder(path.parent) as beside:
            partial = beside / path.name
            yield partial
            if synced:
                _sync_all(partial)
            if partial.is_dir() and path.exists():
                # A folder cannot be renamed over another one. What is aside is put back by whoever clears it away.
                (beside / _BEFORE).mkdir()
                os.replace(path, beside / _BEFORE / path.name)
            os.replace(partial, path)
            if synced:
                sync(path.parent)
    except NoRoomError:
        raise
    except Exception as error:
        if reason := no_room(error):
            raise NoRoomError(
                f"Could not write {path}: {reason}. What was there before is as it was; make room and try again."
            ) from None
        raise


def no_room(error: BaseException | None) -> str | None:
    """In words, why something could not be written, if an error or one that it came from says that the disk is full.

    >>> no_room(OSError(errno.ENOSPC, "No space left on device"))
    'the disk is full'
    """
    while error is not None:
        told = re.search(r"errno = (\d+)", str(error))  # the way of HDF5, whose errors have no number
        number = getattr(error, "errno", None) or (told and int(told[1]))
        if number in _NO_ROOM:
            return _NO_ROOM[number]
        error = error.__cause__ or error.__context__
    return None


def reserve(path: Path, size: int) -> None:
    """See that the disk has room for a file of ``size`` bytes before a library writes it that cannot do with less.

    HDF5 keeps what it could not write, tries again when it is least expected, and may take the process with it.
    """
    with path.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)


def make_folder(path: Path) -> None:
    """Make a folder and those above it that are missing, so that a power cut does not lose them."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        sync(folder.parent)


def sweep(folder: Path) -> None:
    """Clear away what killed processes left half-written in a folder and below; what others are writing stays."""
    for where, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if name.startswith(_OLDER):
                with contextlib.suppress(OSError):  # in use, of somebody else, or swept by another process just now
                    _clear_if_dead(Path(where, name))
        folders[:] = [name for name in folders if not name.startswith(_OLDER)]


def remove(path: Path) -> None:
    """Remove a file or a folder, or nothing."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _working_folder(parent: Path) -> Iterator[Path]:
    """A hidden folder that is locked as long as this process works in it, and is gone afterwards."""
    while True:
        place = Path(tempfile.mkdtemp(prefix=".partial-", dir=parent))
        try:
            lock = os.open(place, os.O_RDONLY)
        except FileNotFoundError:  # swept before it was locked: once more
            continue
        if _lock(lock) is not False and place.exists():
            break
        os.close(lock)
    try:
        yield place
    finally:
        _clear(place)
        os.close(lock)


def _lock(descriptor: int) -> bool | None:
    """Lock a folder for this process, until it is closed or the process is killed: False if another one has.

    None on a file system without locks, where what is left behind is known by its age.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _clear_if_dead(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK)
    try:
        locked = _lock(descriptor) if _OURS.fullmatch(place.name) else None
        if locked or (locked is None and place.stat().st_mtime < time.time() - _DAY):
            _clear(place)
    finally:
        os.close(descriptor)


def _clear(place: Path) -> None:
    """Remove a working folder; what it has of a folder that was moved aside and not replaced goes back."""
    for aside in (place / _BEFORE).glob("*"):
        if not (place.parent / aside.name).exists():
            os.replace(aside, place.parent / aside.name)
            sync(place.parent)
    remove(place)


def _sync_all(path: Path) -> None:
    """Have a file, or a folder with all that is in it, written to the disk."""
    if path.is_dir():
        for inside in path.iterdir():
            _sync_all(inside)
    sync(path)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, written to the disk; what is in those files is not."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # of a file system that cannot do so with folders
            raise
    finally:
        os.close(descriptor)
