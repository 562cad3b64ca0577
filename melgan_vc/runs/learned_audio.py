"""Whether a run goes on with the audio that it has learned from."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.markup import escape

from melgan_vc.errors import MelganVcError


class Audio(NamedTuple):
    """The audio of a domain.

    Attributes
    ----------
    folder : Path
        Where it is.
    digests : frozenset of str
        Of the content of its usable files.
    """

    folder: Path
    digests: frozenset[str]


def compare_audio(before: Sequence[Audio], now: Sequence[Audio], *, say: Callable[[str], None]) -> None:
    """Compare what a run has learned from with what it is about to go on with.

    Parameters
    ----------
    before : sequence of Audio
        Of a run's domains, in order; empty if that is not known any more.
    now : sequence of Audio
        Of the same, as they are found now.
    say : callable
        Is given a line, with markup, for each folder whose files are not all the same.

    Raises
    ------
    MelganVcError
        If a folder that is called as it was has none of the files that the run learned from.
    """
    by_folder = {old.folder.absolute(): old for old in before}
    for number, new in enumerate(now):
        same_folder = by_folder.get(new.folder.absolute())
        old = same_folder or (before[number] if len(before) == len(now) else new)
        gone, added = len(old.digests - new.digests), len(new.digests - old.digests)
        if not old.digests or not (gone or added):
            continue
        if same_folder and not old.digests & new.digests:
            raise MelganVcError(
                f"Expected the audio that the run has learned from, received: {new.folder}, which has none of those "
                f"{len(old.digests)} files. Name the folder that they are in now, or start a new run."
            )
        say(
            f"[yellow]Warning:[/] {escape(str(new.folder))} is not what the run has learned from so far: {gone} of "
            f"{len(old.digests)} files are gone, {added} are new."
        )
