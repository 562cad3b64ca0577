"""``melgan-vc tune``: find settings for two folders of audio."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from melgan_vc.cli.common import plain_errors


@plain_errors
def tune(
    source: Annotated[Path, typer.Option(help="Folder of audio to convert from.")],
    target: Annotated[Path, typer.Option(help="Folder of audio whose style is learned.")],
    run: Annotated[Path, typer.Option(help="Folder for the search; it gets a run folder for each trial.")],
    space: Annotated[str, typer.Option(help="default, losses, optimizers, or a function: file.py:name.")] = "default",
    tuner: Annotated[str, typer.Option(help="random, bayesian or hyperband.")] = "random",
    trials: Annotated[int, typer.Option(min=1, help="Trials in all.")] = 20,
    minutes_per_trial: Annotated[float | None, typer.Option(min=0.0, help="Minutes to train a whole trial.")] = None,
    steps_per_trial: Annotated[int | None, typer.Option(min=1, help="Steps to train it, instead of minutes.")] = None,
    preset: Annotated[str | None, typer.Option(help="voice, music, paper or debug; voice if none is named.")] = None,
    config: Annotated[Path | None, typer.Option(help="A config.json to start from, instead of a preset.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="section.key=value of every trial, any number of times.")
    ] = None,
    match_voices: Annotated[
        bool,
        typer.Option("--match-voices", help="Measure both speakers' pitch, and shift the source's to the target's."),
    ] = False,
    seed: Annotated[int | None, typer.Option(min=0, help="Of every random draw.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or gpu.")] = "auto",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a search that was broken off.")] = False,
    cache: Annotated[Path | None, typer.Option(help="Folder for features, shared by trials.")] = None,
) -> None:
    """Train many short runs, judge each on held-out clips, keep the best settings.

    Needs the extras `tune` and `evaluate`.

    Example: melgan-vc tune --source jazz/ --target classical/ --run tuning/jazz --preset music --minutes-per-trial 5
    """
    from melgan_vc.terminal.console import GuardedConsole, say
    from melgan_vc.tuning.run import tune_run

    console = GuardedConsole()
    found = tune_run(
        source,
        target,
        run,
        space=space,
        tuner=tuner,
        trials=trials,
        minutes=minutes_per_trial,
        steps=steps_per_trial,
        preset=preset,
        config=config,
        settings=settings or [],
        match_voices=match_voices,
        seed=seed,
        device=device,
        resume=resume,
        cache=cache,
        console=console,
    )
    if found is None:
        return
    for record in found.records:
        if record.failure:
            say(console, f"Trial {record.number} failed: {record.failure}")
    best = found.records[0].number
    say(
        console,
        f"Picture:    {found.folder.picture}",
        f"Best:       trial {best}, {found.folder.run(best)}",
        f"Train with: python train_cli.py {found.config.method.name} --source {shlex.quote(str(source))} "
        f"--target {shlex.quote(str(target))} --config {shlex.quote(str(found.folder.best_file))} --run runs/NAME",
    )
