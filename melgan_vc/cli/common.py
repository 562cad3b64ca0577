"""What every command needs: sentences instead of tracebacks, an engine, a cache folder."""

import functools
import importlib.util
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


def quiet_engine() -> None:
    """Choose Keras's backend, TensorFlow unless told otherwise, and silence what it logs at its start."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    if "KERAS_BACKEND" not in os.environ:
        has_tensorflow = importlib.util.find_spec("tensorflow") is not None
        os.environ["KERAS_BACKEND"] = "tensorflow" if has_tensorflow else "jax"
    backend = os.environ["KERAS_BACKEND"]
    if backend not in ("tensorflow", "jax"):
        raise MelganVcError(f"Expected KERAS_BACKEND of tensorflow or jax, received: {backend!r}")
    if importlib.util.find_spec(backend) is None:
        extra = "'.[jax]'" if backend == "jax" else "."
        raise MelganVcError(
            f"Expected {backend} to be installed for KERAS_BACKEND={backend}, received: no such package. "
            f"Install it with: pip install -e {extra}"
        )
    # Libraries in C++ write a banner to the file descriptor itself before any log level is read.
    sys.stderr.flush()
    saved, sink = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 2)
    try:
        import keras  # noqa: F401
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(sink)


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
    from melgan_vc.method_config import MOST_DOMAINS
    from melgan_vc.named_folders import require_domain_name

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


def default_cache() -> Path:
    """Where features are kept between runs."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("MELGAN_VC_CACHE") or Path(home) / "melgan_vc")
