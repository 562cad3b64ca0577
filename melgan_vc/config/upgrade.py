"""What settings were called in earlier versions, and configs of those brought up to date."""

import copy
from typing import Any

FORMAT = 2

MOVED = {
    "training.perturbation": "method.perturbation",
    "training.equaliser_db": "method.equaliser_db",
}
"""Settings by their path in format 1, which every run had, and now those of the methods that use them."""

_PLAYERS = ("generator", "critic")
"""The players of format 1, each a key of ``training``."""


def upgraded(values: Any) -> Any:
    """A nested dictionary of format 1, or without a format, as one of format 2; anything else as it is.

    Examples
    --------
    >>> upgraded({"training": {"critic": {"every": 2}}})["training"]
    {'players': {'critic': {'every': 2}}}
    """
    if not isinstance(values, dict) or values.get("format", 1) != 1:
        return values
    values = {**copy.deepcopy(values), "format": FORMAT}
    training = values.get("training")
    if not isinstance(training, dict):
        return values
    players = {name: training.pop(name) for name in _PLAYERS if name in training}
    if players:
        training.setdefault("players", players)
    for old, new in MOVED.items():
        value = training.pop(old.partition(".")[2], None)
        if value:  # 0 and None were off, and stood in the config of every method
            values.setdefault("method", {}).setdefault(new.partition(".")[2], value)
    return values


def path_of(path: str, values: dict) -> str:
    """Where ``section.key`` of ``--set`` is now; ``training.NAME.key`` is short for ``training.players.NAME.key``."""
    section, _, rest = path.partition(".")
    name = rest.partition(".")[0]
    if section == "training" and name in values["training"]["players"]:
        return f"training.players.{rest}"
    return MOVED.get(path, path)
