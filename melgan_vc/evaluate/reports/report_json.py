"""An evaluation as JSON, for the next program."""

import json
import math
from collections.abc import Iterable
from typing import Any

from melgan_vc.evaluate.evaluation import Evaluation, Row


def report_json(evaluation: Evaluation) -> str:
    """Every figure of every clip and row; null where there is none."""
    values = {
        "columns": [vars(column) for column in evaluation.columns],
        "real_time_factor": evaluation.real_time_factor,
        "missing": evaluation.missing,
        "conditioned": evaluation.conditioned,
        "rows": rows_as_values(evaluation.rows),
    }
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def rows_as_values(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Every figure of every row and of each of its clips."""
    return [
        {
            "name": row.name,
            "medians": _known(row.medians),
            "clips": [
                {"name": clip.name, **_known(figures)} for clip, figures in zip(row.clips, row.figures, strict=True)
            ],
        }
        for row in rows
    ]


def _known(figures: dict[str, float]) -> dict[str, Any]:
    return {name: round(float(value), 4) if math.isfinite(value) else None for name, value in figures.items()}
