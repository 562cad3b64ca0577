"""What a search leaves: a table for the terminal, a picture, and the best trial's config."""

from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console

from melgan_vc.atomic import replacing
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.terminal.table import PlainTable
from melgan_vc.tuning.parallel_coordinates import parallel_coordinates_png
from melgan_vc.tuning.plan import SearchFolder, SearchPlan
from melgan_vc.tuning.record import TrialRecord


def results_table(records: Sequence[TrialRecord]) -> PlainTable:
    """A row for each trial, in the order of the records: score, length, every hyperparameter."""
    names = hyperparameters(records)
    table = PlainTable(title="Trials, the best first", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for heading in ("trial", "score", "steps", "minutes", *names):
        # Line breaks after dots, and spaces: a narrow terminal would cut section.player.long_key off.
        words = heading.replace(".", ".\n").replace("_", " ")
        longest = max(map(len, words.split()))
        table.add_column(words, justify="right", min_width=longest, overflow="fold")
    for record in records:
        ended = record.failure is None
        table.add_row(
            str(record.number),
            f"{record.score:.3f}" if ended else "failed",
            str(record.step) if ended else "–",
            f"{record.seconds / 60:.1f}" if ended else "–",
            *(shown(record.values.get(name)) for name in names),
        )
    return table


def print_table(records: Sequence[TrialRecord], console: Console) -> None:
    """Print it whole: a terminal that is too narrow for all columns wraps the lines, and none is left out."""
    table = results_table(records)
    needed = console.measure(table, options=console.options.update(width=10**4)).minimum
    console.width = max(console.width, needed)
    console.print(table, crop=False)


def hyperparameters(records: Sequence[TrialRecord]) -> list[str]:
    """Names of the hyperparameters of all trials, in the order of the space."""
    return list(dict.fromkeys(name for record in records for name in record.values))


def shown(value) -> str:
    """Four digits of a number; a dash for what a trial did not have."""
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def best_config(plan: SearchPlan, records: Sequence[TrialRecord]) -> RunConfig:
    """The plan's config with the settings of the best trial; its steps are the plan's, not a trial's.

    Raises
    ------
    MelganVcError
        If no trial has a score.
    """
    if not records or records[0].score is None:
        reasons = "".join(f"; trial {record.number}: {record.failure}" for record in records[:3])
        raise MelganVcError(
            f"Expected a trial with a score, received: {len(records)} trials, none that ended well{reasons}"
        )
    return plan.config.with_overrides(records[0].overrides)


def write_results(plan: SearchPlan, path: Path, records: Sequence[TrialRecord]) -> SearchFolder:
    """Write the picture and ``best.json`` into the folder of a search."""
    config, folder = best_config(plan, records), SearchFolder(path)
    with replacing(folder.best_file) as partial:
        partial.write_text(config.to_json(), encoding="utf-8")
    with replacing(folder.picture) as partial:
        partial.write_bytes(parallel_coordinates_png(records))
    return folder
