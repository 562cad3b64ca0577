"""A training from the command line of any method that converts: its options, and what they come to."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from melgan_vc.cli import training_options as options
from melgan_vc.cli.common import default_cache, parse_domains, quiet_engine
from melgan_vc.cli.run_options import chosen_config, config_to_go_on_with, matched_voices

_MOST_WAYS = 10


def train_method(
    method: str,
    run: options.Run,
    source: Annotated[Path | None, typer.Option(help="Folder of audio to convert from.")] = None,
    target: Annotated[Path | None, typer.Option(help="Folder of audio whose style is learned.")] = None,
    domain: Annotated[
        list[str] | None, typer.Option(help="NAME=DIR, a folder of audio and what to call it; 2 to 100 times.")
    ] = None,
    preset: Annotated[str | None, typer.Option(help="voice, music, paper or debug; voice if none is named.")] = None,
    config: options.Config = None,
    settings: options.Settings = None,
    match_voices: Annotated[
        bool,
        typer.Option(
            "--match-voices",
            help="Measure every speaker's pitch, and shift it to the wanted one's before the style is changed.",
        ),
    ] = False,
    steps: options.Steps = None,
    minutes: options.Minutes = None,
    seed: options.Seed = None,
    device: options.Device = "auto",
    resume: options.Resume = False,
    cache: options.Cache = None,
    panel_every: Annotated[
        int, typer.Option(min=0, help="Steps between judgements of held-out clips; 0 for none. Needs `evaluate`.")
    ] = 0,
    patience: Annotated[
        int, typer.Option(min=0, help="Stop after so many judgements without a better one; 0 for never.")
    ] = 0,
) -> None:
    """Train a run of a method that converts: what each of their commands does, and the options they share."""
    from rich.console import Console

    from melgan_vc.config import RunConfig
    from melgan_vc.errors import MelganVcError

    console = Console()
    if resume:
        given = {"--set": settings, "--preset": preset, "--config": config, "--seed": seed}
        given |= {"--match-voices": match_voices or None}
        chosen, folders = _resumed(run, _named(source, target, domain), method=method, given=given)
    else:
        chosen: RunConfig = chosen_config(preset, config, method)
        folders = _named(source, target, domain)
        if chosen.named_domains:
            chosen = _with_domains(chosen, folders, settings or [])
        elif len(folders) < 2:
            raise MelganVcError(
                f"Expected --source and --target, two folders of audio, received: only --{next(iter(folders), 'run')}"
            )
    matching = matched_voices(chosen, folders, console) if match_voices else []
    chosen = chosen.with_overrides([*matching, *options.overrides(settings, steps, seed)])

    quiet_engine()
    from melgan_vc.devices import choose_device
    from melgan_vc.training.train import train

    console.print(f"Training {chosen.method.name} on {choose_device(device)}, preset {chosen.preset}.")
    outcome = train(
        chosen,
        folders,
        run,
        cache=cache or default_cache(),
        resume=resume,
        minutes=minutes,
        console=console,
        watcher=_panel(chosen, folders, panel_every, patience, console) if panel_every else None,
    )
    ways = [f"--model {shlex.quote(str(run))}{asked}" for asked in _ways_to_ask(chosen)]
    options.say_how_it_ended(console, outcome, method=chosen.method.name, run=run, ways=ways)


def _panel(config, folders: dict[str, Path], every: int, patience: int, console):
    """Makes the callback that judges a few held-out clips while training."""
    import functools

    from melgan_vc.evaluate.panel import Panel, judge_for

    judge = judge_for(config, folders)
    say = functools.partial(console.print, highlight=False, soft_wrap=True)

    def watcher(progress, folder, board):
        return Panel(progress, judge, folder, board, every=every, patience=patience, say=say)

    return watcher


def _named(source: Path | None, target: Path | None, domain: list[str] | None) -> dict[str, Path]:
    """The folders that were given, by the name of their domain."""
    if domain:
        return parse_domains(domain)
    return {name: folder for name, folder in (("source", source), ("target", target)) if folder is not None}


def _with_domains(config, folders: dict[str, Path], settings: list[str]):
    """The configuration for these domains; what it says of others, as from a file, is not kept."""
    import json

    from melgan_vc.errors import MelganVcError

    if not folders:
        raise MelganVcError("Expected --domain NAME=DIR at least twice, received: none")
    for setting in settings:
        if setting.partition("=")[0].strip() == "method.domains":
            raise MelganVcError(f"Expected the domains of --domain NAME=DIR alone, received: --set {setting} too")
    named = [f"method.domains={json.dumps(list(folders))}"]
    if tuple(folders) != config.named_domains:
        named.insert(0, "method.pitches=[]")
    return config.with_overrides(named)


def _ways_to_ask(config) -> list[str]:
    """What is added to the command that converts, for each direction of a run."""
    from melgan_vc.methods import METHODS

    method = METHODS[config.method.name]
    ways = [f" --to {shlex.quote(domain)}" for domain in method.directions_of(config)[:_MOST_WAYS]]
    if len(ways) == 1:
        return [""]
    return [*ways, " --like REFERENCE"] if config.named_domains else ["", *ways[1:]]


def _resumed(run: Path, given_folders: dict[str, Path], *, method: str, given: dict):
    """The configuration and the folders of the run that is gone on with."""
    from melgan_vc.errors import MelganVcError
    from melgan_vc.training.run_files import RunFiles

    config, files = config_to_go_on_with(run, method, given), RunFiles(run)
    names = config.named_domains or ("source", "target")
    before = files.trained_on(names)
    folders = {name: given_folders.get(name) or before.get(name) for name in names}
    if None in folders.values():
        wanted = "--domain for each" if config.named_domains else "--source and --target"
        raise MelganVcError(f"Expected {wanted}: {files.corpus_report} does not tell the folders any more")
    unknown = [name for name in given_folders if name not in names]
    if unknown:
        raise MelganVcError(f"Expected --domain among the run's, {', '.join(names)}, received: {unknown[0]}")
    return config, folders
