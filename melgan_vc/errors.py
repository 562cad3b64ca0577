"""The one family of errors whose message is written for the person at the command line."""

import difflib
from collections.abc import Iterable


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
