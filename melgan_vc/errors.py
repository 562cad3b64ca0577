"""The one family of errors whose message is written for the person at the command line."""

import difflib
import errno
import os
import re
from collections.abc import Iterable

_WHAT_TO_DO = {
    errno.EACCES: "there is no permission; change it, or name another place",
    errno.EPERM: "there is no permission; change it, or name another place",
    errno.ENOENT: "it does not exist",
    errno.EEXIST: "it exists already; name another",
    errno.ENOTDIR: "a part of this path is a file; name a folder",
    errno.EISDIR: "it is a folder; name a file",
    errno.ENAMETOOLONG: "its name is longer than the system allows; shorten it",
    errno.ELOOP: "its links lead in a circle",
    errno.EROFS: "the file system can only be read; name another place",
    errno.ENOSPC: "the disk is full; make room, or name another place",
    errno.EDQUOT: "the disk quota is used up; make room, or name another place",
    errno.EMFILE: "too many files are open; raise the limit with ulimit -n",
}

_BESIDE = re.compile(r"\.partial-[a-z0-9_]{8}(/|$)")  # where a file is until it is whole, see `atomic.replacing`


class MelganVcError(Exception):
    """Something the user can mend: a sentence with what was expected, what came, what to do.

    The command line prints the message and exits with code 2; nothing else is caught.
    """


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint ``"; did you mean 'margin'?"`` for a mistyped name, or an empty string.

    >>> did_you_mean("margn", ["margin", "identity"])
    "; did you mean 'margin'?"
    """
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""


def what_failed(error: OSError) -> str:
    """What the system refused, as a sentence: which file, why, and what to do.

    >>> what_failed(PermissionError(errno.EACCES, "Permission denied", "runs/.partial-a1b2c3d4/mine"))
    'Could not use runs/mine: there is no permission; change it, or name another place (Permission denied)'
    """
    name = _BESIDE.sub("", os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    system = error.strerror or str(error) or type(error).__name__
    known = _WHAT_TO_DO.get(error.errno)
    return f"Could not {f'use {name}' if name else 'go on'}: {f'{known} ({system})' if known else system}"
