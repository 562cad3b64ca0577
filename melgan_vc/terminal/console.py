"""Where everything printed goes: consoles that no name can steer, and sentences on them."""

import contextlib
import os
from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.status import Status
from rich.text import Text

from melgan_vc.terminal.printable import printable, printable_lines


class GuardedConsole(Console):
    r"""A console of rich that shows escape codes and odd bytes in names instead of sending them to the terminal.

    Strings keep their ``[markup]``, which is ours to write; names go into `say` and `PlainTable`, which have none.

    >>> GuardedConsole(width=30).print("song\x1b[2J.wav")
    song\x1b[2J.wav
    """

    def __init__(self, **options):
        super().__init__(emoji=False, **options)  # :bomb: is a name like any other

    def render_str(self, text: str, **options) -> Text:
        """Text of a string, escaped before its width is measured."""
        return super().render_str(printable_lines(text), **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Segments of anything that rich can show; those that move the cursor are rich's own."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=printable_lines(segment.text))

    def on_broken_pipe(self) -> None:
        """Nobody reads any more: nothing is shown from here on, and the work goes on. Rich would end the process."""
        self.quiet = True
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())

    def status(self, status: str, **options) -> "PlainStatus":
        """A line with a spinner while something takes its time; ``status.update`` says the next thing."""
        return PlainStatus(_plain(status), console=self, **options)


class PlainStatus(Status):
    """A status whose strings are sentences and no markup."""

    def update(self, status: str | None = None, **options) -> None:
        """Show another sentence."""
        super().update(None if status is None else _plain(status), **options)


def say(console: Console, *sentences: str, style: str = "") -> None:
    r"""Print sentences as they are, each on one line of its own, however long.

    Parameters
    ----------
    console : rich.console.Console
        Any console, one that a program hands in too.
    sentences : str
        ``[brackets]`` in them are no markup; a line break in a name is shown as ``\n``.
    style : str
        Of rich, such as ``yellow``.
    """
    for sentence in sentences:
        console.print(Text(printable(sentence), style=style), soft_wrap=True)


def _plain(text: str) -> Text:
    return Text(printable(text))
