"""All trials in one picture: an axis for each hyperparameter and one for the score, a line for each trial."""

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from melgan_vc.tuning.record import TrialRecord

_LOGARITHMIC_FROM = 10.0


@dataclass(frozen=True)
class Scale:
    """One axis: from a value to its height, 0 to 1, and the values that are written beside it."""

    height: Callable[[Any], float]
    ticks: list[tuple[float, str]]


def scale_of(values: Sequence[Any]) -> Scale:
    """A scale for values: by name for words, logarithmic for positive numbers far apart, else linear.

    Examples
    --------
    >>> scale_of([1.0, 100.0]).height(10.0)
    0.5
    >>> scale_of(["all", "single"]).height("single")
    1.0
    """
    distinct = sorted(set(values), key=lambda value: (isinstance(value, str), value))
    if any(isinstance(value, str | bool) for value in distinct) or len(distinct) == 1:
        places = dict(zip(distinct, _even(len(distinct)), strict=True))
        return Scale(places.__getitem__, [(place, _label(value)) for value, place in places.items()])
    low, high = float(distinct[0]), float(distinct[-1])
    if low > 0 and high / low >= _LOGARITHMIC_FROM:
        span = math.log(high / low)
        return Scale(
            lambda value: math.log(value / low) / span,
            [(place, _label(low * math.exp(place * span))) for place in _even(5)],
        )
    return Scale(
        lambda value: (value - low) / (high - low),
        [(place, _label(low + place * (high - low))) for place in _even(5)],
    )


def parallel_coordinates_png(records: Sequence[TrialRecord]) -> bytes:
    """Draw trials as lines through their hyperparameters to their scores.

    The colour is the score; the best line is thick. A trial that failed is red, dashed, and ends before the score.
    A line has a gap where a trial lacks a hyperparameter.

    Parameters
    ----------
    records : sequence of TrialRecord
        The best first; at least one has a score.

    Returns
    -------
    bytes
        A PNG file.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.figure import Figure

    names = list(dict.fromkeys(name for record in records for name in record.values))
    columns = [[record.values.get(name) for record in records] for name in names]
    columns.append([record.score for record in records])
    scales = [scale_of([value for value in column if value is not None]) for column in columns]
    scores = [score for score in columns[-1] if score is not None]
    colours = ScalarMappable(Normalize(min(scores), max(scores)), "viridis")

    figure = Figure(figsize=(max(6.0, 1.9 * len(columns)), 4.8), dpi=100, layout="constrained")
    axis = figure.subplots()
    for place, record in reversed(list(enumerate(records))):  # the best last, above the others
        heights = [
            np.nan if column[place] is None else scale.height(column[place])
            for column, scale in zip(columns, scales, strict=True)
        ]
        style = {"color": "tab:red", "linestyle": "--", "linewidth": 1.0}
        if record.score is not None:
            style = {"color": colours.to_rgba(record.score), "linewidth": 3.5 if place == 0 else 1.4}
        axis.plot(range(len(columns)), heights, marker="o", markersize=4, **style)
    for place, scale in enumerate(scales):
        axis.axvline(place, color="black", linewidth=0.8, zorder=0)
        for height, label in scale.ticks:
            axis.annotate(label, (place, height), xytext=(4, 0), textcoords="offset points", fontsize=7, va="center")
    axis.set_xticks(range(len(columns)), [name.replace(".", ".\n") for name in (*names, "score")], fontsize=8)
    axis.set_xlim(-0.1, len(columns) - 0.7)
    axis.set_yticks([])
    axis.spines[:].set_visible(False)
    figure.colorbar(colours, ax=axis, label="score (higher is better)")
    png = io.BytesIO()
    figure.savefig(png, format="png")
    return png.getvalue()


def _even(count: int) -> list[float]:
    """Heights at even distances; the middle for one."""
    return [0.5] if count == 1 else np.linspace(0.0, 1.0, count).tolist()


def _label(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
