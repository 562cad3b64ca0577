"""The options that every command of ``train_cli.py`` has, and what is said when a training ends."""

import functools
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

Run = Annotated[Path, typer.Option(help="The run folder to fill, or to go on with.")]
Config = Annotated[Path | None, typer.Option(help="A config.json to start from, instead of a preset.")]
Settings = Annotated[list[str] | None, typer.Option("--set", help="section.key=value, any number of times.")]
Steps = Annotated[int | None, typer.Option(min=1, help="Batches to train on in all.")]
Minutes = Annotated[float | None, typer.Option(min=0.0, help="Stop after so many minutes.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Of every random draw.")]
Device = Annotated[str, typer.Option(help="auto, cpu or gpu.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on from the newest checkpoint.")]
Cache = Annotated[Path | None, typer.Option(help="Folder for features, shared by runs.")]


def overrides(settings: list[str] | None, steps: int | None, seed: int | None) -> list[str]:
    """What ``--set``, ``--steps`` and ``--seed`` come to, as settings."""
    told = {"training.steps": steps, "training.seed": seed}
    return [*(settings or []), *(f"{key}={value}" for key, value in told.items() if value is not None)]


def say_how_it_ended(console, outcome, *, method: str, run: Path, ways: Iterable[str]) -> None:
    """What was done, and the commands that go on, convert and show.

    ``ways`` are the arguments of each command that converts, after its input.
    """
    # Commands and paths as they are: not wrapped, and [brackets] in a name are no markup.
    say = functools.partial(console.print, markup=False, highlight=False, soft_wrap=True)
    if outcome.stopped_because:
        say(
            f"Stopped at step {outcome.step} because {outcome.stopped_because}; everything is saved.\n"
            f"Go on with: python train_cli.py {method} --run {shlex.quote(str(run))} --resume"
        )
    else:
        say(f"Done: {outcome.step} steps in {outcome.seconds / 60:.1f} minutes.")
    for arguments in ways:
        say(f"Convert with:    python convert_cli.py INPUT {arguments}")
    say(f"Listen and look: {run / 'samples'}\nCurves:          tensorboard --logdir {shlex.quote(str(run / 'logs'))}")
