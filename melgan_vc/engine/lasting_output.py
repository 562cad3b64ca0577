"""Output that may lose its reader: a training goes on when its terminal is closed, or `| head` has had enough."""

import contextlib
import os
from typing import TextIO

from rich.console import Console


class LastingOutput:
    """A stream to print to. Once it cannot be written to, what is printed is dropped.

    Parameters
    ----------
    stream : text file
        Such as ``sys.stdout``. All else is asked of it as before.
    """

    def __init__(self, stream: TextIO):
        self._stream = stream

    def write(self, text: str) -> int:
        """Print, or drop what is printed."""
        with self._dropping():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Have it printed, or dropped."""
        with self._dropping():
            self._stream.flush()

    @contextlib.contextmanager
    def _dropping(self):
        try:
            yield
        except UnicodeError:
            raise
        except (OSError, ValueError):  # nobody reads, the terminal is gone, the disk is full; or it was closed
            nowhere = os.open(os.devnull, os.O_WRONLY)
            with contextlib.suppress(OSError, ValueError, AttributeError):
                # Python writes what is left in its buffer when it exits, and would complain.
                os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str):
        return getattr(self._stream, name)


def lasting(console: Console) -> Console:
    """A console that goes on when nobody reads what it prints."""
    if not isinstance(console.file, LastingOutput):
        console.file = LastingOutput(console.file)
    return console
