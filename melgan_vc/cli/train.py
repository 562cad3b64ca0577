"""``train_cli.py METHOD``: learn a style from folders of audio."""

import functools
import inspect
from pathlib import Path
from typing import Annotated

import typer
import typer.core

from melgan_vc.cli.common import parse_domains, parse_voices, plain_errors


class _Methods(typer.core.TyperGroup):
    """Has a command for each method. Its options are made when it is run, and load no settings: those are slow."""

    def list_commands(self, ctx):
        from melgan_vc.config.method_folders import method_names

        return list(method_names())

    def get_command(self, ctx, cmd_name):
        return _command(cmd_name, options=False) if cmd_name in self.list_commands(ctx) else None

    def resolve_command(self, ctx, args):
        self.commands = dict.fromkeys(self.list_commands(ctx))  # which a mistyped name is compared with
        name, _, rest = super().resolve_command(ctx, args)
        return name, _command(name), rest


app = typer.Typer(
    cls=_Methods,
    help="Learn a style from folders of audio.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)

_MOST_WAYS = 11
"""That are shown when a training has ended: a run of a hundred voices has as many."""


@app.callback()
def _methods() -> None:
    """Learn a style from folders of audio; each command is a method."""


def train_method(
    method: str,
    run: Annotated[Path, typer.Option(help="The run folder to fill, or to go on with.")],
    source: Annotated[Path | None, typer.Option(help="Folder of audio to convert from.")] = None,
    target: Annotated[Path | None, typer.Option(help="Folder of audio whose style is learned.")] = None,
    domain: Annotated[
        list[str] | None, typer.Option(help="NAME=DIR, a folder of audio and what to call it; 2 to 100 times.")
    ] = None,
    voice: Annotated[
        list[str] | None, typer.Option(help="NAME=DIR, a folder of one voice to speak with; up to 100 times.")
    ] = None,
    data: Annotated[
        list[Path] | None, typer.Option(help="Folder of audio to learn from; any number of times.")
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
    start_from: Annotated[
        str | None, typer.Option(help="A run of the same kind, by name or folder, whose weights to begin with.")
    ] = None,
    polish: Annotated[
        str | None,
        typer.Option(
            help="A run of the same kind, by name or folder, whose networks are kept as they are while an edit of "
            "what they make is trained."
        ),
    ] = None,
    converted_by: Annotated[
        str | None,
        typer.Option(
            help="A model, by name or run folder, whose faults to learn: audio of the style that it converts to is "
            "also given as that model makes it."
        ),
    ] = None,
    to: Annotated[str | None, typer.Option(help="The domain that DATA is of, where it has several.")] = None,
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
    """Train a run: what each of the commands does, and all the options that any of them has."""
    from melgan_vc.api import train_run
    from melgan_vc.terminal.console import GuardedConsole

    console = GuardedConsole()
    chosen, outcome = train_run(
        run,
        _named(source, target, domain, voice, data),
        method=method,
        preset=preset,
        config=config,
        settings=settings or [],
        match_voices=match_voices,
        origin=_origin(method, start_from, converted_by, to, polish),
        steps=steps,
        minutes=minutes,
        seed=seed,
        device=device,
        panel_every=panel_every,
        patience=patience,
        cache=cache,
        resume=resume,
        console=console,
    )
    _say_how_it_ended(console, outcome, chosen, run)


def _named(
    source: Path | None,
    target: Path | None,
    domain: list[str] | None,
    voice: list[str] | None,
    data: list[Path] | None,
) -> dict[str, Path]:
    """The folders that were given, by the name of their domain."""
    if domain:
        return parse_domains(domain)
    if data:
        return {f"data-{number}": folder for number, folder in enumerate(data)}
    pair = {name: folder for name, folder in (("source", source), ("target", target)) if folder is not None}
    return parse_voices(voice, beside=pair) | pair if voice else pair


def _origin(method: str, start_from: str | None, converted_by: str | None, to: str | None, polish: str | None):
    """What to begin with, by the folders that it is in: a run may go on from another working directory."""
    if (start_from, converted_by, to, polish) == (None,) * 4:
        return None
    from melgan_vc.engine.start import start_engine

    start_engine()  # before what looks for vocoders, which would start it aloud
    from melgan_vc.config.method_folders import method_traits
    from melgan_vc.pretrained.catalogue import find_model
    from melgan_vc.pretrained.vocoders import find_vocoder
    from melgan_vc.runs.origin import Origin

    find = find_vocoder if method_traits(method).kind == "vocoder" else find_model
    start = str(find(start_from).absolute()) if start_from else None
    kept = str(find_model(polish).absolute()) if polish else None
    faults = str(find_model(converted_by).absolute()) if converted_by else None
    return Origin(start_from=start, polish=kept, converted_by=faults, to=to)


def _say_how_it_ended(console, outcome, config, run: Path) -> None:
    """What was done, and the commands that go on, convert and show."""
    import shlex

    from melgan_vc.terminal.console import say

    quoted = shlex.quote(str(run))
    if outcome.stopped_because:
        say(
            console,
            f"Stopped at step {outcome.step} because {outcome.stopped_because}; everything is saved.",
            f"Go on with: python train_cli.py {config.method.name} --run {quoted} --resume",
        )
    else:
        say(console, f"Done: {outcome.step} steps in {outcome.seconds / 60:.1f} minutes.")
    for arguments in config.method.ways_to_use(quoted)[:_MOST_WAYS]:
        say(console, f"Convert with:    python convert_cli.py INPUT {arguments}")
    say(
        console,
        f"Listen and look: {run / 'samples'}",
        f"Curves:          tensorboard --logdir {shlex.quote(str(run / 'logs'))}",
    )


def _options_of(method: str) -> list[inspect.Parameter]:
    """Those of `train_method` that mean something to a method."""
    from melgan_vc.config.method_folders import method_traits

    traits = method_traits(method)
    pair = {"source", "target"}
    takes = {"pair": pair, "named": {"domain"}, "voices": pair | {"voice"}, "any": {"data"}}[traits.folders]
    takes |= set(traits.origins)
    takes |= {"match_voices"} if traits.voice_matching else set()
    takes |= {"panel_every", "patience"} if traits.kind == "converter" else set()
    special = {"method", "source", "target", "domain", "voice", "data", "start_from", "polish", "converted_by", "to"}
    special |= {"match_voices", "panel_every", "patience"}
    every = inspect.signature(train_method).parameters.values()
    taken = [option for option in every if option.name in takes or option.name not in special]
    presets = _preset_option(traits.presets)
    return [option.replace(annotation=presets) if option.name == "preset" else option for option in taken]


def _preset_option(presets: tuple[str, ...]):
    """``--preset``, with the names of those that a method has."""
    *names, last = presets
    told = f"{', '.join(names)} or {last}; voice if none is named."
    return Annotated[str | None, typer.Option(help=told)]


def _command(method: str, *, options: bool = True) -> typer.core.TyperCommand:
    """A method's command; without its options it is there to be listed."""
    from melgan_vc.config.method_folders import method_summary

    @functools.wraps(train_method)
    def command(**given):
        train_method(method, **given)

    command.__signature__ = inspect.Signature(_options_of(method) if options else [])
    command.__doc__ = method_summary(method)
    alone = typer.Typer(rich_markup_mode="rich", add_completion=False)
    alone.command(name=method)(plain_errors(command))
    return typer.main.get_command(alone)


def main() -> None:
    """Entry point of ``train_cli.py``."""
    app(prog_name="train_cli.py")
