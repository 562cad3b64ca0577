"""Networks by kind and name: a new one is a file here, and what asks for it by name finds it."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import keras

from melgan_vc.errors import MelganVcError, did_you_mean

_FOUND: dict[str, dict[str, Callable[..., keras.Model]]] = {}


def network(kind: str, name: str) -> Callable[[Callable], Callable]:
    """Mark a function as what builds the network ``name`` of a kind.

    Kinds are ``generator``, ``styled_generator`` (told a style), ``siamese``, ``critic``, ``domain_critic`` (told a
    domain), ``voice_critic`` (which shows its features too), ``style_encoder``, ``classifier``, ``content_encoder``,
    ``normed_encoder`` (given moments over time), ``decoder``, ``edit`` and ``vocoder``. The function takes the number
    of mel bands, and everything else by name, its width as ``channels``.
    """

    def mark(build: Callable) -> Callable:
        _FOUND.setdefault(kind, {})[name] = build
        return build

    return mark


@lru_cache(maxsize=1)
def _import_all() -> None:
    package = importlib.import_module("melgan_vc.nets")
    for found in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{found.name}")


def names_of(kind: str) -> tuple[str, ...]:
    """Names of the networks of a kind."""
    _import_all()
    return tuple(_FOUND.get(kind, ()))


def build_network(
    kind: str,
    name: str,
    n_mels: int,
    *,
    setting: str,
    offered: Mapping[str, Any] | None = None,
    **options: Any,
) -> keras.Model:
    """Build a network.

    Parameters
    ----------
    kind, name : str
        Which one.
    n_mels : int
        Mel bands.
    setting : str
        The key of the config that names it, for errors.
    offered : dict, optional
        Options that it gets if it takes them.
    options
        Options that it has to take.

    Raises
    ------
    MelganVcError
        If there is no such network; the message lists those there are.
    """
    known = names_of(kind)
    if name not in known:
        raise MelganVcError(
            f"Expected {setting} among {', '.join(known)}, received: {name!r}{did_you_mean(name, known)}"
        )
    build = _FOUND[kind][name]
    taken = inspect.signature(build).parameters
    return build(n_mels, **options, **{key: value for key, value in (offered or {}).items() if key in taken})
