"""Files and folders that appear whole or not at all: written beside, then renamed."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a hidden path beside ``path`` to write to; rename it to ``path`` if the block ends well.

    Works for a file and for a folder, and for several threads at once. What was there before stays until the last
    moment.
    """
    # The suffix stays the last part of the name: writers choose their format by it.
    main = threading.current_thread() is threading.main_thread()
    mine = os.getpid() if main else f"{os.getpid()}-{threading.get_ident()}"
    partial = path.with_name(f".partial-{mine}-{path.name}")
    path.parent.mkdir(parents=True, exist_ok=True)
    remove(partial)  # of a killed process that had our number, as the first process of a container always has
    try:
        yield partial
        if partial.is_dir() and path.exists():
            shutil.rmtree(path)
        os.replace(partial, path)
    except BaseException:
        remove(partial)
        raise


def remove(path: Path) -> None:
    """Remove a file or a folder, or nothing."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
