"""Search spaces: small functions from a tuner's hyperparameters to settings of a run."""

import importlib.util
import numbers
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from melgan_vc.errors import MelganVcError, did_you_mean

Space = Callable[[Any], Mapping[str, Any] | list[str]]
"""Takes a ``keras_tuner.HyperParameters``; gives ``{"section.key": value}`` or a list as for ``--set``."""


def default(hp) -> dict[str, Any]:
    """The weights that trade content for style, and both learning rates."""
    return {
        "method.identity": hp.Float("method.identity", 0.1, 30.0, sampling="log"),
        "method.travel": hp.Float("method.travel", 1.0, 30.0, sampling="log"),
        **optimizers(hp),
    }


def losses(hp) -> dict[str, Any]:
    """Every weight of TraVeLGAN's loss beside the adversarial one, whose 1 they are relative to."""
    return {
        "method.identity": hp.Float("method.identity", 0.1, 30.0, sampling="log"),
        "method.travel": hp.Float("method.travel", 1.0, 30.0, sampling="log"),
        "method.margin": hp.Float("method.margin", 1.0, 30.0, sampling="log"),
        "method.self_regularization": hp.Float("method.self_regularization", 0.0, 10.0),
    }


def optimizers(hp) -> dict[str, Any]:
    """Learning rates of both players. For any method."""
    return {
        f"training.{player}.learning_rate": hp.Float(f"training.{player}.learning_rate", 5e-5, 1e-3, sampling="log")
        for player in ("generator", "critic")
    }


SPACES: dict[str, Space] = {"default": default, "losses": losses, "optimizers": optimizers}


def find_space(name: str) -> Space:
    """The space of a name, or a function ``file.py:function`` of the user's.

    Raises
    ------
    MelganVcError
        If there is no such space, file or function, or the file cannot be imported.

    Examples
    --------
    >>> find_space("optimizers").__doc__
    'Learning rates of both players. For any method.'
    """
    path, colon, function = name.rpartition(":")
    if colon and path.endswith(".py"):
        return _from_file(Path(path), function)
    if name not in SPACES:
        raise MelganVcError(
            f"Expected --space among {', '.join(SPACES)}, or file.py:function, received: {name!r}"
            f"{did_you_mean(name, SPACES)}"
        )
    return SPACES[name]


def overrides_of(chosen: Mapping[str, Any] | list[str]) -> list[str]:
    """What a space gave as ``section.key=value`` settings.

    None, as a conditional hyperparameter is while it is inactive, leaves the key as it is; ``"none"`` is null.

    Examples
    --------
    >>> overrides_of({"method.identity": 1 / 3, "method.pairs": "all", "method.margin": None})
    ['method.identity=0.333333', 'method.pairs=all']
    """
    if isinstance(chosen, Mapping):
        return [f"{key}={_text(value)}" for key, value in chosen.items() if value is not None]
    if isinstance(chosen, list | tuple) and all(isinstance(setting, str) for setting in chosen):
        return list(chosen)
    raise MelganVcError(
        f'Expected a search space to return {{"section.key": value}} or ["section.key=value"], received: {chosen!r}'
    )


def _text(value: Any) -> str:
    """A value as ``--set`` takes it."""
    if isinstance(value, bool):
        return str(value).lower()
    # Six digits: keras-tuner sends numbers to its workers as float32.
    return f"{value:.6g}" if isinstance(value, numbers.Real) and not isinstance(value, int) else str(value)


def _from_file(path: Path, function: str) -> Space:
    if not path.is_file():
        near = [str(path.parent / other.name) for other in path.parent.glob("*.py")]
        raise MelganVcError(
            f"Expected a Python file with a search space, received: {path} (there is no such file"
            f"{did_you_mean(str(path), near)})"
        )
    spec = importlib.util.spec_from_file_location("melgan_vc_search_space", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise MelganVcError(f"Could not import {path}: {type(error).__name__}: {error}") from error
    found = getattr(module, function, None)
    if not callable(found):
        names = [name for name, value in vars(module).items() if callable(value) and not name.startswith("_")]
        raise MelganVcError(
            f"Expected a function of {path}, received: {function!r}{did_you_mean(function, names)}"
            f". Functions: {', '.join(names) or 'none'}"
        )
    return found
