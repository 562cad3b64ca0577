"""What every command needs: sentences instead of tracebacks, and folders by name."""

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path

import typer

from melgan_vc.errors import MelganVcError


def plain_errors(command: Callable) -> Callable:
    """Turn a `MelganVcError` into its sentence on standard error and exit code 2."""

    @functools.wraps(command)
    def wrapped(*arguments, **options):
        try:
            return command(*arguments, **options)
        except MelganVcError as error:
            say_error(str(error))
            raise typer.Exit(2) from None
        except BrokenPipeError:
            # Whoever reads our output has had enough; Python would complain once more when it exits.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            say_error("Interrupted.")
            raise typer.Exit(130) from None

    return wrapped


def say_error(message: str) -> None:
    """A sentence on standard error."""
    typer.secho(f"Error: {message}", fg="red", err=True)


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
    from melgan_vc.runs.folders_of_domains import require_domain_name

    folders: dict[str, Path] = {}
    for option in options:
        name, equals, folder = (part.strip() for part in option.partition("="))
        if not (name and equals and folder):
            raise MelganVcError(f"Expected --domain NAME=DIR, as in anna=voices/anna, received: {option!r}")
        require_domain_name(name, "--domain")
        if name in folders:
            raise MelganVcError(
                f"Expected every name once in --domain, received: {name} twice ({folders[name]} and {folder})"
            )
        folders[name] = Path(folder)
    if not 2 <= len(folders) <= MOST_DOMAINS:
        raise MelganVcError(
            f"Expected 2 to {MOST_DOMAINS} domains, received: {len(folders)}. Repeat --domain NAME=DIR for each."
        )
    return folders
