"""The model card of an exported model: the run's own, renamed, with what a person has to say about it."""

import re
import shlex

from melgan_vc.terminal.printable import printable, printable_markdown

SECTIONS = {
    "Data and licences": "To fill in: which recordings, from where, and what their licences ask for.",
    "Intended use, consent and misuse": (
        "To fill in: what the model is meant for, who was recorded, and what they agreed to.\n\n"
        "Do not use it to imitate a person who has not agreed to it, and say that a recording was converted."
    ),
    "Training": "To fill in: the command, how long it took and on which machine.",
    "Evaluation": "To fill in: the table for held-out clips beside the reference rows, from `evaluation.json`.",
}
"""What every shipped model's card has, and what stands there until somebody writes it."""

_ASKS_TO_FILL_IN = re.compile(r"^To fill in before sharing:.*?(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)
_FILES_LEFT_OUT = re.compile(r"(in `config\.json`), the curves are in [^\n]*")

# Up to the next option: a name may hold spaces, and --to and --like stay. A vocoder's card names no model but MODEL.
_NAMED = re.compile(r"(--model|--vocoder) (?!MODEL\b).*?(?= --|$)", re.MULTILINE)


def exported_card(card: str, *, name: str, task: str) -> str:
    """A run's card as the card of the model that is exported from it.

    Parameters
    ----------
    card : str
        Markdown of the run; sections that it has already are kept as they are.
    name : str
        The model's, in place of the run's.
    task : str
        What the model converts, in a line.
    """
    card = _FILES_LEFT_OUT.sub(r"\1.", _ASKS_TO_FILL_IN.sub("", card))
    # Replacements are functions: a backslash in a name is no reference to a group.
    # Up to the next option: a name may hold spaces, and --to and --like stay.
    card = re.sub(
        r"(--model|--vocoder) (?!MODEL\b).*?(?= --|$)",
        lambda found: f"{found[1]} {printable(shlex.quote(name))}",
        card,
        flags=re.MULTILINE,
    )
    title = f"# {printable_markdown(name)}: {printable(task)}"
    if re.search(r"^# ", card, flags=re.MULTILINE):
        card = re.sub(r"^# .*$", lambda _: title, card, count=1, flags=re.MULTILINE)
    else:
        card = f"{card.rstrip()}\n\n{title}"
    for heading, text in SECTIONS.items():
        if f"\n## {heading}\n" not in card:
            card = f"{card.rstrip()}\n\n## {heading}\n\n{text}\n"
    return card.lstrip("\n")
