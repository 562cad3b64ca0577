"""A run is trained by one process at a time."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from melgan_vc.atomic import make_folder
from melgan_vc.errors import MelganVcError

LOCK = ".training"
"""The file in a run folder that its training locks. What a kill leaves of it is locked by nobody."""


@contextlib.contextmanager
def one_training(run: Path) -> Iterator[None]:
    """Keep a run folder, which is made if need be, to this training.

    Raises
    ------
    MelganVcError
        If another training has it.
    """
    is_new = not run.exists()
    make_folder(run)
    file = _locked(run)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            (run / LOCK).unlink()
            if is_new:
                run.rmdir()  # only what a refusal has left empty
        file.close()


def _locked(run: Path):
    while True:
        file = open(run / LOCK, "a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            who = file.read().strip() or "another process"
            file.close()
            raise MelganVcError(
                f"Expected a run that is not being trained, received: {run} ({who} is training it). Wait until that "
                "has ended, or choose another --run."
            ) from None
        except OSError:
            return file  # a file system without locks
        if _is_still_there(run / LOCK, file):
            break
        file.close()  # of a training that ended just now
    with contextlib.suppress(OSError):
        file.truncate(0)
        file.write(f"process {os.getpid()}\n")
        file.flush()
    return file


def _is_still_there(path: Path, file) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False
