"""What a metric is: figures for a clip, or for all clips together."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import ClassVar, Literal

import numpy as np


@dataclass(frozen=True)
class Clip:
    """One held-out clip and what became of it.

    Attributes
    ----------
    name : str
        Name of the file, without its extension.
    source, converted : np.ndarray
        Shape ``(samples,)``, float32 in [-1, 1]: what went in, and what is judged. Of the same length, except
        where a reference row judges another clip in place of a conversion.
    rate : int
        Sampling rate of both in Hz.
    parallel : np.ndarray or None
        The same words or notes in the target style, where there is such a recording.
    channels : (np.ndarray, np.ndarray) or None
        Shape ``(samples, 2)`` each: what went in and what came out, of a stereo recording; ``source`` and
        ``converted`` are their mixes.
    """

    name: str
    source: np.ndarray
    converted: np.ndarray
    rate: int
    parallel: np.ndarray | None = None
    channels: tuple[np.ndarray, np.ndarray] | None = None


@dataclass(frozen=True)
class Column:
    """One figure of a metric.

    Attributes
    ----------
    name : str
        In tables and JSON.
    meaning : str
        What it says.
    better : {'higher', 'lower', 'one', 'none'}
        Which way is better.
    judge : str
        The network or package whose opinion it is; empty for a plain measurement of the signal.
    """

    name: str
    meaning: str
    better: Literal["higher", "lower", "one", "none"] = "none"
    judge: str = ""


class Metric(ABC):
    """Figures of one kind. A metric is one file; it loads its evaluator when it is made.

    Attributes
    ----------
    columns : tuple of Column
        What `measure` gives for each clip.
    set_columns : tuple of Column
        What `summarise` gives for all clips together.

    Raises
    ------
    MissingEvaluator
        By the constructor, if a package is not installed.
    """

    columns: ClassVar[tuple[Column, ...]] = ()
    set_columns: ClassVar[tuple[Column, ...]] = ()

    def prepare(  # noqa: B027 - not every metric has something to learn
        self, source: Sequence[np.ndarray], target: Sequence[np.ndarray], rate: int
    ) -> None:
        """Learn, once, what the two styles are from clips of each, ``(samples,)`` float32 at ``rate``."""

    @abstractmethod
    def measure(self, clip: Clip) -> Mapping[str, float]:
        """The figures of one clip, by column name; NaN where there is none (no voiced frame, say)."""

    def summarise(self, clips: Sequence[Clip]) -> Mapping[str, float]:
        """The figures of all clips together, by name of the set's columns."""
        return {}


def known_median(values: Iterable[float]) -> float:
    """Median of the values that are no NaN; NaN if there are none."""
    known = [value for value in values if not math.isnan(value)]
    return median(known) if known else math.nan
