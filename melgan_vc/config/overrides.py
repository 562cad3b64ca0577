"""``section.key=value`` settings, as from ``--set``."""

from collections.abc import Iterable
from typing import Any

from melgan_vc.config.json_file import parse_json
from melgan_vc.config.upgrade import path_of
from melgan_vc.errors import MelganVcError, did_you_mean


def overridden(values: dict, settings: Iterable[str]) -> dict:
    """Change a nested dictionary, which is all of a config, by settings.

    Raises
    ------
    MelganVcError
        If a setting is not of that form, or there is no such key.
    """
    method = values["method"]["name"]
    for setting in settings:
        path, separator, text = setting.partition("=")
        if not separator:
            raise MelganVcError(f"Expected --set section.key=value, received: {setting!r}")
        path, text = path.strip(), text.strip()
        if path == "method.name" and text != method:
            raise MelganVcError(f"Expected the method as the command of train_cli.py, received: --set {setting}")
        _assign(values, path_of(path, values), _parse(text), given=path)
    return values


def leaves(values: dict, prefix: str = "") -> list[str]:
    """All ``section.key`` paths of a nested dictionary.

    >>> leaves({"mel": {"rate": 16000}, "preset": "voice"})
    ['mel.rate', 'preset']
    """
    paths = []
    for key, value in values.items():
        paths += leaves(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"]
    return paths


def _parse(text: str) -> Any:
    """A JSON value where it is one, else the text itself; ``none`` is null."""
    if text.lower() in ("none", "null"):
        return None
    try:
        return parse_json(text.lower() if text.lower() in ("true", "false") else text)
    except ValueError:
        return text


def _assign(values: dict, path: str, value: Any, *, given: str) -> None:
    *sections, key = path.split(".")
    target: Any = values
    for section in sections:
        target = target.get(section) if isinstance(target, dict) else None
    if not isinstance(target, dict) or key not in target or isinstance(target[key], dict):
        known = [leaf.replace("training.players.", "training.") for leaf in leaves(values)]
        raise MelganVcError(
            f"Expected --set with a key of the config, received: {given!r}"
            + (did_you_mean(given, known) or f". Keys: {', '.join(known)}")
        )
    target[key] = value
