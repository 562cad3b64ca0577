"""An evaluation of vocoders as JSON, as Markdown, and as tables for the terminal."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from melgan_vc.evaluate.reports.report_json import rows_as_values
from melgan_vc.evaluate.reports.report_table import report_markdown, report_table
from melgan_vc.evaluate.vocoders import REAL_TIME_FACTOR, VocoderEvaluation
from melgan_vc.terminal.printable import printable_markdown
from melgan_vc.terminal.table import PlainTable


def vocoders_console(found: VocoderEvaluation) -> Iterator[PlainTable]:
    """A table for each group of clips, a column for each vocoder."""
    for group, evaluation in found.groups.items():
        yield report_table(evaluation, title=_title(found, group))


def vocoders_markdown(found: VocoderEvaluation, settings: Mapping[str, Any]) -> str:
    """The same tables, each below its title, and how they were made."""
    tables = [f"**{_title(found, group)}**\n\n{report_markdown(one)}" for group, one in found.groups.items()]
    made = "; ".join(f"{name}: {printable_markdown(str(value))}" for name, value in settings.items())
    return "\n".join([*tables, f"{made}\n"])


def vocoders_json(found: VocoderEvaluation, settings: Mapping[str, Any]) -> str:
    """Every figure of every clip and row; null where there is none."""
    columns = next(iter(found.groups.values())).columns
    values = {
        **settings,
        "columns": [vars(column) for column in columns],
        "missing": found.missing,
        "groups": [
            {"name": group, "rows": rows_as_values(evaluation.rows)} for group, evaluation in found.groups.items()
        ],
    }
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def real_time_factors(found: VocoderEvaluation) -> Iterator[str]:
    """A sentence for each group, with a digit more than the tables have room for."""
    for group, evaluation in found.groups.items():
        *rows, _ = evaluation.rows  # the last is the recording, which nobody made
        factors = ", ".join(f"{row.name} {row.medians[REAL_TIME_FACTOR.name]:.3f}" for row in rows)
        yield f"Real-time factors on {len(rows[0].clips)} {group}: {factors}."


def _title(found: VocoderEvaluation, group: str) -> str:
    return f"Medians over {len(found.groups[group].rows[0].clips)} {group}"
