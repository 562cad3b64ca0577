"""An evaluation as JSON, for the next program."""

import json
import math
from typing import Any

from melgan_vc.evaluate.evaluate import Evaluation


def report_json(evaluation: Evaluation) -> str:
    """Every figure of every clip and row; null where there is none."""
    values = {
        "columns": [vars(column) for column in evaluation.columns],
        "real_time_factor": evaluation.real_time_factor,
        "missing": evaluation.missing,
        "rows": [
            {
                "name": row.name,
                "medians": _known(row.medians),
                "clips": [
                    {"name": clip.name, **_known(figures)}
                    for clip, figures in zip(row.clips, row.figures, strict=True)
                ],
            }
            for row in evaluation.rows
        ],
    }
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def _known(figures: dict[str, float]) -> dict[str, Any]:
    return {name: round(float(value), 4) if math.isfinite(value) else None for name, value in figures.items()}
