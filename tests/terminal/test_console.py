"""What is printed is what was meant: names are shown, and steer nothing."""

import io
import os
import re
from pathlib import Path

import pytest
from rich.console import Console

from melgan_vc.terminal.console import GuardedConsole, say
from melgan_vc.terminal.table import PlainTable

NAMES = {
    "an escape code": ("a\x1b[31;1mb", r"a\x1b[31;1mb"),
    "a bell": ("a\x07b", r"a\x07b"),
    "a carriage return": ("song.wav\rDone: all is well", r"song.wav\rDone: all is well"),
    "a line break": ("song\nError: none", r"song\nError: none"),
    "an 8-bit escape code": ("a\x9b2Jb", r"a\x9b2Jb"),
    "right to left": ("song\u202evaw.exe", r"song\u202evaw.exe"),
    "Latin-1": (os.fsdecode(b"caf\xe9"), r"caf\udce9"),
    "brackets": ("song [live]", "song [live]"),
    "a closing tag": ("[/red] x [/", "[/red] x [/"),
    "a style": ("[bold]x[/bold]", "[bold]x[/bold]"),
    "an emoji's name": (":bomb:", ":bomb:"),
    "a backslash": ("a\\[b]", "a\\[b]"),
    "other alphabets": ("naïve – 你好 नमस्ते", "naïve – 你好 नमस्ते"),
}


def shown(make_console, print_on) -> str:
    """What reaches a terminal of 200 columns that takes UTF-8."""
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    print_on(make_console(file=terminal, width=200))
    terminal.flush()
    return terminal.buffer.getvalue().decode()


@pytest.mark.parametrize("console", [GuardedConsole, Console], ids=["ours", "one that a program hands in"])
@pytest.mark.parametrize("what", NAMES)
def test_a_name_in_a_sentence(console, what):
    name, expected = NAMES[what]
    assert shown(console, lambda there: say(there, f"Used: {name}.")) == f"Used: {expected}.\n"


@pytest.mark.parametrize("console", [GuardedConsole, Console], ids=["ours", "one that a program hands in"])
@pytest.mark.parametrize("what", [name for name in NAMES if name != "a line break"])
def test_a_name_in_a_table(console, what):
    name, expected = NAMES[what]
    table = PlainTable(title=f"title {name}")
    table.add_column(f"heading {name}")
    table.add_row(f"cell {name}")
    lines = shown(console, lambda there: there.print(table)).splitlines()
    for part in ("title", "heading", "cell"):
        assert sum(f"{part} {expected}" in line for line in lines) == 1, lines
    borders = {len(line) for line in lines if line[:1] in "┃│"}
    assert what == "other alphabets" or len(borders) == 1, "every line is as wide as another"


@pytest.mark.parametrize("what", ["an escape code", "brackets", "a closing tag", "Latin-1"])
def test_a_name_beside_a_spinner(what):
    name, expected = NAMES[what]

    def work(console):
        with console.status(f"1/2 {name}") as status:
            console.print(status.renderable)
            status.update(f"2/2 {name}")
            console.print(status.renderable)

    text = shown(GuardedConsole, work)
    assert f"1/2 {expected}" in text and f"2/2 {expected}" in text


def test_an_escape_code_that_was_not_looked_for():
    """Whatever rich is given: a string, or text that somebody else made."""
    from rich.text import Text

    text = shown(GuardedConsole, lambda there: [there.print("a\x1b[2Jb"), there.print(Text("c\x1b[2Jd"))])
    assert text == "a\\x1b[2Jb\nc\\x1b[2Jd\n"


def test_colours_still_reach_a_terminal():
    def warn(console):
        say(console, "careful", style="yellow")

    coloured = shown(lambda **options: GuardedConsole(force_terminal=True, color_system="standard", **options), warn)
    assert coloured == "\x1b[33mcareful\x1b[0m\n"


def test_work_goes_on_when_its_reader_has_gone():
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as pipe:
        console = GuardedConsole(file=pipe)
        say(console, "Nobody hears this.")
        say(console, "Nor this.")


def test_nothing_is_printed_by_another_way():
    """Each of these lets a name through as it is; a program's own console is for it to choose."""
    package = Path(__file__).parents[2] / "melgan_vc"
    unguarded = re.compile(
        r"^from rich(\.table|\.status) import|^(?!.*>>>)\s*print\(|(?<!Guarded)\bConsole\(", re.MULTILINE
    )
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if path.parent.name != "terminal" and unguarded.search(path.read_text(encoding="utf-8"))
    }
    assert found <= {"training/train.py"}, "whose own consoles are for programs, or quiet"
