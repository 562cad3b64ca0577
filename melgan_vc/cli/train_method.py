"""A training from the command line, whatever the method: its options, and what they come to."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from melgan_vc.cli.common import default_cache, parse_domains, quiet_engine
from melgan_vc.cli.run_options import chosen_config, matched_voices, require_own_settings

_MOST_WAYS = 10


def train_method(
    method: str,
    run: Annotated[Path, typer.Option(help="The run folder to fill, or to go on with.")],
    source: Annotated[Path | None, typer.Option(help="Folder of audio to convert from.")] = None,
    target: Annotated[Path | None, typer.Option(help="Folder of audio whose style is learned.")] = None,
    domain: Annotated[
        list[str] | None, typer.Option(help="NAME=DIR, a folder of audio and what to call it; 2 to 100 times.")
    ] = None,
    preset: Annotated[str | None, typer.Option(help="voice, music, paper or debug; voice if none is named.")] = None,
    config: Annotated[Path | None, typer.Option(help="A config.json to start from, instead of a preset.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="section.key=value, any number of times.")
    ] = None,
    match_voices: Annotated[
        bool,
        typer.Option(
            "--match-voices",
            help="Measure every speaker's pitch, and shift it to the wanted one's before the style is changed.",
        ),
    ] = False,
    steps: Annotated[int | None, typer.Option(min=1, help="Batches to train on in all.")] = None,
    minutes: Annotated[float | None, typer.Option(min=0.0, help="Stop after so many minutes.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Of every random draw.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or gpu.")] = "auto",
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the newest checkpoint.")] = False,
    cache: Annotated[Path | None, typer.Option(help="Folder for features, shared by runs.")] = None,
    panel_every: Annotated[
        int, typer.Option(min=0, help="Steps between judgements of held-out clips; 0 for none. Needs `evaluate`.")
    ] = 0,
    patience: Annotated[
        int, typer.Option(min=0, help="Stop after so many judgements without a better one; 0 for never.")
    ] = 0,
) -> None:
    """Train a run of a method: what every command of ``train_cli.py`` does, and the options they share."""
    import functools

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
    overrides = matched_voices(chosen, folders, console) if match_voices else []
    overrides += settings or []
    overrides += [f"training.steps={steps}"] if steps is not None else []
    overrides += [f"training.seed={seed}"] if seed is not None else []
    chosen = chosen.with_overrides(overrides)

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
    # Commands and paths as they are: not wrapped, and [brackets] in a name are no markup.
    say = functools.partial(console.print, markup=False, highlight=False, soft_wrap=True)
    if outcome.stopped_because:
        say(
            f"Stopped at step {outcome.step} because {outcome.stopped_because}; everything is saved.\n"
            f"Go on with: python train_cli.py {chosen.method.name} --run {shlex.quote(str(run))} --resume"
        )
    else:
        say(f"Done: {outcome.step} steps in {outcome.seconds / 60:.1f} minutes.")
    for asked in _ways_to_ask(chosen):
        say(f"Convert with:    python convert_cli.py INPUT --model {shlex.quote(str(run))}{asked}")
    say(f"Listen and look: {run / 'samples'}\nCurves:          tensorboard --logdir {shlex.quote(str(run / 'logs'))}")


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

    require_own_settings(given)
    files = RunFiles(run)
    config = files.load_config()
    if config.method.name != method:
        raise MelganVcError(
            f"Expected a run of {method} to go on with, received: {run}, which is of {config.method.name}. "
            f"Use the command {config.method.name}."
        )
    names = config.named_domains or ("source", "target")
    before = files.trained_on(names)
    folders = {name: given_folders.get(name) or before.get(name) for name in names}
    if None in folders.values():
        options = "--domain for each" if config.named_domains else "--source and --target"
        raise MelganVcError(f"Expected {options}: {files.corpus_report} does not tell the folders any more")
    unknown = [name for name in given_folders if name not in names]
    if unknown:
        raise MelganVcError(f"Expected --domain among the run's, {', '.join(names)}, received: {unknown[0]}")
    return config, folders
