"""What every command needs: sentences instead of tracebacks, and folders by name."""

import contextlib
import functools
import io
import os
import sys
from collections.abc import Callable, Collection
from pathlib import Path

import typer

from melgan_vc.cli.signals import ended_by_signals
from melgan_vc.errors import MelganVcError, what_failed
from melgan_vc.terminal.printable import printable

_READER_GONE = 141
"""The exit code of a command whose reader went away: 128 and the number of SIGPIPE, as of any that dies of it."""


def plain_errors(command: Callable) -> Callable:
    """Turn a `MelganVcError`, and whatever the system refuses, into a sentence on standard error and exit code 2."""

    @functools.wraps(command)
    def wrapped(*arguments, **options):
        _prepare_streams()
        try:
            with ended_by_signals():
                return command(*arguments, **options)
        except MelganVcError as error:
            raise _ended(str(error), 2) from None
        except BrokenPipeError:
            _silence(sys.stdout)
            raise typer.Exit(_READER_GONE) from None
        except OSError as error:
            raise _ended(what_failed(error), 2) from None
        except KeyboardInterrupt:
            raise _ended("Interrupted.", 130) from None

    return wrapped


def _prepare_streams() -> None:
    """Standard streams that take every name, and whose numbers no other file gets where they are closed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: what libraries print goes nowhere
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name may have letters that the locale lacks


def say(sentence: str, *, err: bool = False) -> None:
    """A sentence on standard output, or on standard error: on one line, whatever the names in it hold."""
    try:
        typer.echo(printable(sentence), err=err)
    except OSError as error:
        error.filename = error.filename or ("standard error" if err else "standard output")
        raise


def say_error(message: str) -> None:
    """The same in red, as an error."""
    with contextlib.suppress(OSError):  # nobody reads standard error any more: that must not hide the exit code
        typer.secho(f"Error: {printable(message)}", fg="red", err=True)


def _ended(message: str, code: int) -> typer.Exit:
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, ValueError):  # what it holds cannot be written: Python would complain once more when it exits
        _silence(sys.stdout)
    say_error(message)
    return typer.Exit(code)


def _silence(stream) -> None:
    """Send what a stream still gets nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def parse_domains(options: list[str]) -> dict[str, Path]:
    """The folder of each domain, from options ``NAME=DIR``, in their order.

    Raises
    ------
    MelganVcError
        If they are fewer than 2 or more than 100, an option is not of that form, or a name is there twice or is one
        that no option or file could be called: with a ``/`` or a leading ``-``.

    Examples
    --------
    >>> parse_domains(["anna=voices/anna", "boris=voices/boris"])["boris"].name
    'boris'
    """
    from melgan_vc.config.method import MOST_DOMAINS

    folders = _by_name(options, "--domain")
    if not 2 <= len(folders) <= MOST_DOMAINS:
        raise MelganVcError(
            f"Expected 2 to {MOST_DOMAINS} domains, received: {len(folders)}. Repeat --domain NAME=DIR for each."
        )
    return folders


def parse_voices(options: list[str], *, beside: Collection[str] = ()) -> dict[str, Path]:
    """The folder of each voice, from options ``NAME=DIR``, in their order; raises as `parse_domains`.

    ``beside`` are names that other options have given: ``target`` is a voice too, and ``source`` is none.

    >>> parse_voices(["anna=voices/anna"])
    {'anna': PosixPath('voices/anna')}
    """
    from melgan_vc.config.method import SOURCE_AND_TARGET

    folders = _by_name(options, "--voice")
    for name in folders:
        if name in (*beside, SOURCE_AND_TARGET[0]):
            raise MelganVcError(f"Expected another name than that of an option in --voice, received: {name}")
    return folders


def _by_name(options: list[str], option_name: str) -> dict[str, Path]:
    """Folders by name, each name once."""
    from melgan_vc.runs.folders_of_domains import require_domain_name

    folders: dict[str, Path] = {}
    for option in options:
        name, equals, folder = (part.strip() for part in option.partition("="))
        if not (name and equals and folder):
            raise MelganVcError(f"Expected {option_name} NAME=DIR, as in anna=voices/anna, received: {option!r}")
        require_domain_name(name, option_name)
        if name in folders:
            raise MelganVcError(
                f"Expected every name once in {option_name}, received: {name} twice ({folders[name]} and {folder})"
            )
        folders[name] = Path(folder)
    return folders
