"""Which files are never trained on."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

ENOUGH_FILES = 5


def name_hash(path: Path) -> float:
    """A number in [0, 1) that depends on the file's name alone, not on its folder."""
    digest = hashlib.blake2b(path.name.encode("utf-8", "surrogateescape"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2.0**64


def choose_held_out(paths: Sequence[Path], *, share: float) -> list[bool]:
    """Tell for each file whether it is held out.

    A file is held out if the hash of its name is below ``share``: the choice survives moving the folder
    and adding files. If that takes none of five files or more, the one with the smallest hash goes; and
    one file is always left to train on.

    Parameters
    ----------
    paths : sequence of Path
        The usable files.
    share : float
        Expected share of files to hold out; 0 holds out none.

    Returns
    -------
    list of bool
        As long as ``paths``.
    """
    hashes = [name_hash(path) for path in paths]
    chosen = [value < share for value in hashes]
    if share > 0 and len(paths) >= ENOUGH_FILES and not any(chosen):
        chosen[hashes.index(min(hashes))] = True
    if chosen and all(chosen):
        chosen[hashes.index(max(hashes))] = False
    return chosen
