"""Tables whose cells are shown as they are."""

from rich.table import Table
from rich.text import Text

from melgan_vc.terminal.printable import printable_lines


class PlainTable(Table):
    """A table of rich for any console: ``[brackets]`` in its title, headings and cells are no markup.

    Line breaks part the lines of a cell; a name that may hold one goes through `printable` first.
    """

    def __init__(self, *, title: str | None = None, **options):
        super().__init__(title=None if title is None else _plain(title, style="table.title"), **options)

    def add_column(self, header: str = "", **options) -> None:
        """As rich's."""
        super().add_column(_plain(header), **options)

    def add_row(self, *cells: str, **options) -> None:
        """As rich's."""
        super().add_row(*map(_plain, cells), **options)


def _plain(text: str, style: str = "") -> Text:
    return Text(printable_lines(text), style=style)
