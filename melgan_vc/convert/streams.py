"""Standard input and output, and pipes: what can be read once only, or has no name to write beside."""

import contextlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from melgan_vc.errors import MelganVcError

TEMPORARY = "melgan_vc-stream-"
"""What the names of our folders of temporary files begin with."""

_PIECE = 2**20
_INPUT, _OUTPUT = ("/dev/stdin", "/dev/fd/0"), ("/dev/stdout", "/dev/fd/1")
_FOLDERS_OF_STREAMS = ("/dev", "/dev/fd", "/proc/self/fd")


def is_stream(path: str | os.PathLike) -> bool:
    """Whether a path is ``-``, a pipe such as a shell makes of ``<(...)``, or a device."""
    text = os.fspath(path)
    if text == "-":
        return True
    try:
        mode = os.stat(text).st_mode
    except OSError:
        return False
    if stat.S_ISDIR(mode):
        return False
    return not stat.S_ISREG(mode) or os.path.dirname(text) in _FOLDERS_OF_STREAMS


def input_name(path: Path) -> str:
    """What to call a stream or a file that is read."""
    return "standard input" if str(path) in ("-", *_INPUT) else str(path)


def output_name(path: Path) -> str:
    """What to call a stream or a file that is written."""
    return "standard output" if str(path) in ("-", *_OUTPUT) else str(path)


def why_not_streamed(source: Path, target: Path) -> str | None:
    """Why nothing should be read from a source or sent to a target, of which each may be a stream; None if it can."""
    if input_name(source) == "standard input":
        if sys.stdin is None:
            return "Expected audio on standard input, received: none, it is closed; name a file, or pipe one in"
        if sys.stdin.isatty():
            return "Expected audio on standard input, received: a terminal; name a file, or pipe one in"
    elif source.is_char_device():
        return f"Expected an audio file, received: {source} (it is a device)"
    if output_name(target) == "standard output" and (sys.stdout is None or sys.stdout.isatty()):
        what = "none, it is closed" if sys.stdout is None else "a terminal"
        return f"Expected standard output to be a file or a pipe, received: {what}; name a file with --output"
    return None


@contextlib.contextmanager
def as_files(source: Path, target: Path, *, extension: str | None) -> Iterator[tuple[Path, Path]]:
    """Files that stand for a source and a target, of which each may be a stream.

    A conversion reads its source several times, and an audio file states its length at its beginning. What came in is
    copied to a temporary file first; what was made goes out once the block has ended well. Errors name the streams.

    Parameters
    ----------
    source, target : Path
        A file is given back as it is.
    extension : str, optional
        Format of what goes to a stream, such as ``".flac"``; ``.wav`` if left out.

    Raises
    ------
    MelganVcError
        What the block raises, with the names of the streams.
    """
    with contextlib.ExitStack() as stack:
        read = stack.enter_context(_received(source)) if is_stream(source) else source
        written = stack.enter_context(_sent(target, extension or ".wav")) if is_stream(target) else target
        try:
            yield read, written
        except MelganVcError as error:
            told = str(error).replace(str(read), input_name(source)).replace(str(written), output_name(target))
            raise MelganVcError(told) from None


@contextlib.contextmanager
def _received(source: Path) -> Iterator[Path]:
    """A file with all that a stream gives."""
    with tempfile.TemporaryDirectory(prefix=TEMPORARY) as place, open(Path(place, "input"), "wb") as copy:
        opened = contextlib.nullcontext(sys.stdin.buffer) if source == Path("-") else source.open("rb")
        with opened as stream:
            shutil.copyfileobj(stream, copy, _PIECE)
        copy.flush()
        yield Path(copy.name)  # still open: no leftover of a killed process, see `sweep`


@contextlib.contextmanager
def _sent(target: Path, extension: str) -> Iterator[Path]:
    """A file to write, which goes to a stream once the block has ended well."""
    with tempfile.TemporaryDirectory(prefix=TEMPORARY) as place:
        made = Path(place, f"output{extension}")
        yield made
        try:
            opened = contextlib.nullcontext(sys.stdout.buffer) if target == Path("-") else target.open("wb")
            with made.open("rb") as whole, opened as stream:
                shutil.copyfileobj(whole, stream, _PIECE)
                stream.flush()
        except OSError as error:
            error.filename = error.filename or output_name(target)  # which a write does not tell
            raise
