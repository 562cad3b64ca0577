"""Judge a trained run on held-out clips, beside rows whose worth is known."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from melgan_vc.corpus.clips import NamedClip
from melgan_vc.evaluate.judges import conditioned
from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric, known_median
from melgan_vc.evaluate.rows import CONVERSION, converted_clips, reference_rows
from melgan_vc.features.packages import MissingEvaluator


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Attributes
    ----------
    name : str
        ``"conversion"``, or that of a reference row.
    clips : list of Clip
        What was judged.
    figures : list of dict
        For each clip its figures by column name; NaN where there is none.
    medians : dict
        Over the clips, NaN aside, and the figures of the set.
    """

    name: str
    clips: list[Clip]
    figures: list[dict[str, float]]
    medians: dict[str, float]


@dataclass(frozen=True)
class Evaluation:
    """A finished evaluation.

    Attributes
    ----------
    columns : list of Column
        All figures, in order.
    rows : list of Row
        The conversion first.
    real_time_factor : float
        Of the conversion: seconds of work for a second of audio.
    missing : list of str
        What could not be measured, and the line that installs it.
    conditioned : list of str
        Which figures say nothing, because the run hears by what gives them.
    """

    columns: list[Column]
    rows: list[Row]
    real_time_factor: float
    missing: list[str] = field(default_factory=list)
    conditioned: list[str] = field(default_factory=list)

    @property
    def conversion(self) -> Row:
        """The row of the conversion."""
        return self.rows[0]


def make_metrics(makers: Iterable[Callable[[], Metric]]) -> tuple[list[Metric], list[str]]:
    """Make every metric whose packages are there; for the others, say what is missing."""
    metrics, missing = [], []
    for make in makers:
        try:
            metrics.append(make())
        except MissingEvaluator as error:
            missing.append(str(error))
    return metrics, missing


def evaluate(
    model,
    vocoder,
    *,
    task: str,
    makers: Iterable[Callable[[], Metric]],
    clips: Sequence[NamedClip],
    targets: Sequence[NamedClip],
    source_examples: Sequence[np.ndarray],
    target_examples: Sequence[np.ndarray],
    say: Callable[[str], None] = lambda message: None,
) -> Evaluation:
    """Convert held-out clips, and measure them and the reference rows.

    Parameters
    ----------
    model : Conversion
        The trained run.
    vocoder : Vocoder
        For its log-mels.
    task : {'voice', 'music'}
        Decides the reference rows.
    makers : iterable of callable
        Makes each metric, see `metrics_of`.
    clips, targets : sequence of NamedClip
        Held-out clips of the source and of the target.
    source_examples, target_examples : sequence of np.ndarray
        Waveforms ``(samples,)`` at the model's rate that show what the two styles are.
    say : callable
        Is told what is being done.

    Returns
    -------
    Evaluation
    """
    say("loading the evaluators")
    metrics, missing = make_metrics(makers)
    rate = model.config.mel.rate
    for metric in metrics:
        metric.prepare(source_examples, target_examples, rate)
    say(f"converting {len(clips)} clips")
    converted, real_time_factor = converted_clips(model, vocoder, clips)
    references, rows_missing = reference_rows(
        task,
        model.config.mel,
        vocoder,
        clips=clips,
        targets=targets,
        source_examples=source_examples,
        target_examples=target_examples,
    )
    rows = []
    for name, row in {CONVERSION: converted, **references}.items():
        say(f"measuring: {name}")
        rows.append(measure_row(name, row, metrics))
    columns = [column for metric in metrics for column in (*metric.columns, *metric.set_columns)]
    # Two metrics, or a metric and a row, may lack the same package.
    missing = list(dict.fromkeys(missing + rows_missing))
    return Evaluation(columns, rows, real_time_factor, missing, conditioned(columns, model.config))


def measure_row(name: str, clips: list[Clip], metrics: Iterable[Metric]) -> Row:
    """All figures of a row."""
    figures: list[dict[str, float]] = [{} for _ in clips]
    of_set: dict[str, float] = {}
    for metric in metrics:
        for clip, found in zip(clips, figures, strict=True):
            found.update(metric.measure(clip))
        of_set.update(metric.summarise(clips))
    medians = {column: known_median(found[column] for found in figures) for column in (figures[0] if figures else {})}
    return Row(name, clips, figures, medians | of_set)
