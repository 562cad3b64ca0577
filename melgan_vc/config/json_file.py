"""JSON from files that somebody else may have made: nothing that hangs, and nothing that is too much."""

import json
import stat
from pathlib import Path
from typing import Any

MOST_BYTES = 2**28
"""Of any JSON file; a report on a hundred thousand files of audio has a tenth of it."""

_DEEPEST = 50
_MOST_DIGITS = 100


def read_json(path: Path, *, most_bytes: int = MOST_BYTES) -> Any:
    """What is in a JSON file.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is no regular file (a pipe would never end), larger than that, or as `parse_json`. The message fits into
        brackets.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError("it is no regular file")
    with path.open("rb") as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise ValueError(f"it is larger than {most_bytes:,} bytes")
    return parse_json(content.decode("utf-8"))


def parse_json(text: str) -> Any:
    """What a JSON text says.

    Raises
    ------
    ValueError
        If it is no JSON, nested deeper than anything of ours, or has a number of more than 100 digits.
    """
    try:
        value = json.loads(text, parse_int=_parse_int)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    _require_shallow(value)
    return value


_TOO_DEEP = f"it is nested deeper than {_DEEPEST} levels"


def _parse_int(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"it has a number of {len(digits)} digits")
    return int(digits)


def _require_shallow(value: Any) -> None:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise ValueError(_TOO_DEEP)
