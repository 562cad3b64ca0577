"""``melgan-vc tune``: find settings for two folders of audio."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from melgan_vc.cli.common import default_cache, plain_errors, quiet_engine
from melgan_vc.cli.run_options import chosen_config, matched_voices


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
    import functools
    import importlib.util

    from rich.console import Console

    from melgan_vc.errors import MelganVcError
    from melgan_vc.tuning.plan import SearchPlan
    from melgan_vc.tuning.spaces import find_space

    if importlib.util.find_spec("keras_tuner") is None:
        raise MelganVcError(
            "Expected keras-tuner to be installed, received: no such package. "
            "Install it with: pip install -e '.[tune]'"
        )
    console, folders = Console(), {"source": source, "target": target}
    find_space(space)
    chosen = chosen_config(preset, config)
    plan_of = functools.partial(
        SearchPlan,
        source=source,
        target=target,
        space=space,
        tuner=tuner,
        trials=trials,
        minutes=minutes_per_trial,
        steps=steps_per_trial,
    )
    plan_of(config=chosen)  # a mistyped option is told before voices are measured
    overrides = matched_voices(chosen, folders, console) if match_voices else []
    overrides += settings or []
    overrides += [f"training.seed={seed}"] if seed is not None else []
    plan = plan_of(config=chosen.with_overrides(overrides))

    quiet_engine()
    from melgan_vc.devices import choose_device
    from melgan_vc.training.train import prepare_domains
    from melgan_vc.tuning.results import print_table, write_results
    from melgan_vc.tuning.search import role, search

    say = functools.partial(console.print, markup=False, highlight=False, soft_wrap=True)
    part, cache, judge_of = role(), cache or default_cache(), _judges(source, target)
    say(f"Tuning {chosen.method.name} on {choose_device(device)}: space {space}, {tuner}, {trials} trials, {part}.")
    if part != "chief":
        judge_of(plan.config)  # a package that is missing is told before anything is trained
        prepare_domains(plan.config, folders, cache=cache, console=console)
    try:
        records = search(
            plan,
            run,
            cache=cache,
            judge_of=judge_of,
            resume=resume,
            say=say,
        )
    except KeyboardInterrupt:
        say("Trials that have ended are saved. Go on with the same command and --resume.")
        raise
    if part == "worker":
        return say("No more trials; the chief has the results.")
    print_table(records, console)
    folder = write_results(plan, run, records)
    for record in records:
        if record.failure:
            say(f"Trial {record.number} failed: {record.failure}")
    say(
        f"Picture:    {folder.picture}\n"
        f"Best:       trial {records[0].number}, {folder.run(records[0].number)}\n"
        f"Train with: python train_cli.py {chosen.method.name} --source {shlex.quote(str(source))} "
        f"--target {shlex.quote(str(target))} --config {shlex.quote(str(folder.best_file))} --run runs/NAME"
    )


def _judges(source: Path, target: Path):
    """Makes judges by clips that training holds out; clips and packages are loaded once, which takes seconds."""
    from melgan_vc.evaluate.panel import Judge

    loaded = {}

    def judge_of(config):
        key = config.mel, config.corpus
        if key not in loaded:
            loaded[key] = Judge.of_folders(config, source, target)
        return loaded[key].for_config(config)

    return judge_of
