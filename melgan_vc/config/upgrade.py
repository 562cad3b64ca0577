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

_METHOD_ORDER = (
    *("travel", "margin", "cycle", "patch_nce", "self_regularization", "margin_distance", "embedding", "siamese"),
    *("patch_features", "masked_frames", "pitch", "formants", "name", "domains", "pitches", "match_bands", "width"),
)
"""Of the keys of ``method`` in format 1, before the others."""

_LATER = {
    "content_consistency": 0.0,
    "note_consistency": 0.0,
    "pitch_class": 0.0,
    "loudness": 0.0,
    "onsets": 0.0,
    "patch_nce_apart": 0,
    "neutral": False,
    "teacher": "recognizer",
    "learns": "everything",
    "release": 0.0,
    "retrieval": 0,
    "sings": False,
}
"""Keys of ``method`` that runs of format 1 did not have, and what they are where they change nothing."""

_LATER_IN_TRAINING = {"transposition": 0}
"""The same of ``training``."""


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


def as_format_1(values: dict) -> dict:
    """The inverse of `upgraded`, to the order of the keys: a cache knows a model by its config in this form."""
    values = {**copy.deepcopy(values), "format": 1}
    method, training = values["method"], values["training"]
    moved = {old.partition(".")[2]: method.pop(new.partition(".")[2], None) for old, new in MOVED.items()}
    moved["equaliser_db"] = moved["equaliser_db"] or 0.0
    for section, later in ((method, _LATER), (training, _LATER_IN_TRAINING)):
        for key, off in later.items():
            if section.get(key) == off:
                del section[key]
    first = {key: method[key] for key in _METHOD_ORDER if key in method}
    values["method"] = first | method
    values["training"] = {}
    for key, value in training.items():
        values["training"] |= value if key == "players" else {key: value}
    values["training"] |= moved
    return values


def path_of(path: str, values: dict) -> str:
    """Where ``section.key`` of ``--set`` is now; ``training.NAME.key`` is short for ``training.players.NAME.key``."""
    section, _, rest = path.partition(".")
    name = rest.partition(".")[0]
    if section == "training" and name in values["training"]["players"]:
        return f"training.players.{rest}"
    return MOVED.get(path, path)
