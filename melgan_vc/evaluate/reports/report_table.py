"""An evaluation as a table for the terminal, and as Markdown for a model card."""

import math

from rich import box

from melgan_vc.evaluate.evaluation import Evaluation
from melgan_vc.evaluate.judges import judges_sentence
from melgan_vc.terminal.printable import printable, printable_markdown
from melgan_vc.terminal.table import PlainTable

ARROWS = {"higher": "↑", "lower": "↓", "one": "→1", "none": ""}


def report_table(evaluation: Evaluation, *, title: str = "Medians over held-out clips") -> PlainTable:
    """Medians over the clips, a column for each row of the evaluation, the conversion first."""
    table = PlainTable(title=title, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    # Spaces let a narrow terminal wrap a name where it would cut it off.
    lines = [[heading.replace("_", " "), *figures] for heading, *figures in _lines(evaluation)]
    names = ["figure", *(printable(row.name) for row in evaluation.rows)]
    for name, *cells in zip(names, *lines, strict=True):
        longest = max(len(word) for text in (name, *cells) for word in text.split())
        if table.columns:  # of exactly the width of its words: Rich would take as much from all columns alike
            table.add_column(name, justify="right", width=longest, overflow="fold")
        else:
            table.add_column(name, min_width=longest, overflow="fold")
    for line in lines:
        table.add_row(*line)
    return table


def report_markdown(evaluation: Evaluation) -> str:
    """The same as a Markdown table; below it, who judged, and whose opinion says nothing."""
    names = [row.name for row in evaluation.rows]
    lines = [["figure", *names], ["---"] * (1 + len(names)), *_lines(evaluation)]
    table = "".join(f"| {' | '.join(map(printable_markdown, line))} |\n" for line in lines)
    sentences = [judges_sentence(evaluation.columns), *evaluation.conditioned]
    return table + "".join(f"\n{printable_markdown(sentence)}\n" for sentence in sentences if sentence)


def shown(value: float | None) -> str:
    """Two decimals, four of what would be 0.00; a dash where there is no figure."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:.4f}" if 0.0 < abs(value) < 0.005 else f"{value:.2f}"


def _lines(evaluation: Evaluation) -> list[list[str]]:
    return [
        [
            f"{column.name} {ARROWS[column.better]}".strip(),
            *(shown(row.medians.get(column.name)) for row in evaluation.rows),
        ]
        for column in evaluation.columns
    ]
