"""``train_cli.py vocoder``: learn to make sound of log-mels."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from melgan_vc.cli import training_options as options
from melgan_vc.cli.common import default_cache, plain_errors, quiet_engine
from melgan_vc.cli.run_options import chosen_config, config_to_go_on_with


@plain_errors
def train_vocoder(
    run: options.Run,
    data: Annotated[
        list[Path] | None, typer.Option(help="Folder of audio to learn from; any number of times.")
    ] = None,
    preset: Annotated[str | None, typer.Option(help="voice, music or debug; voice if none is named.")] = None,
    config: options.Config = None,
    settings: options.Settings = None,
    start_from: Annotated[
        str | None, typer.Option(help="A vocoder, by name or run folder, whose weights to begin with.")
    ] = None,
    converted_by: Annotated[
        str | None,
        typer.Option(
            help="A model, by name or run folder, whose faults to learn: audio of the style that it converts to is "
            "also given as that model makes it."
        ),
    ] = None,
    to: Annotated[str | None, typer.Option(help="The domain that DATA is of, where it has several.")] = None,
    steps: options.Steps = None,
    minutes: options.Minutes = None,
    seed: options.Seed = None,
    device: options.Device = "auto",
    resume: options.Resume = False,
    cache: options.Cache = None,
) -> None:
    """A neural vocoder: makes sound of log-mels, with a Fourier head or by upsampling.

    It is for every model with the same log-mel settings, which are those of the preset.

    Example: train_cli.py vocoder --data anna/ --data boris/ --run runs/vocoder --preset voice
    """
    from rich.console import Console

    from melgan_vc.errors import MelganVcError
    from melgan_vc.training.run_files import RunFiles

    console = Console()
    before: list[Path] = []
    if resume:
        given = {"--set": settings, "--preset": preset, "--config": config, "--seed": seed}
        given |= {"--start-from": start_from, "--converted-by": converted_by, "--to": to}
        chosen = config_to_go_on_with(run, "vocoder", given)
        before = RunFiles(run).trained_on_folders()
    else:
        chosen = chosen_config(preset, config, "vocoder")
    folders = list(data or before)
    if not folders:
        raise MelganVcError("Expected --data, a folder of audio, received: none")
    chosen = chosen.with_overrides(options.overrides(settings, steps, seed))

    quiet_engine()
    from melgan_vc.devices import choose_device
    from melgan_vc.training.train import train
    from melgan_vc.training.vocoder_origin import Origin

    used = choose_device(device)
    origin = Origin.of_run(run) if resume else _origin(start_from, converted_by, to)
    model = _model(origin, chosen)
    console.print(f"Training a vocoder on {used}, preset {chosen.preset}.")
    outcome = train(
        chosen,
        {f"data-{number}": folder for number, folder in enumerate(folders)},
        run,
        cache=cache or default_cache(),
        resume=resume,
        minutes=minutes,
        console=console,
        origin=origin,
        model=model,
    )
    way = f"--model MODEL --vocoder {shlex.quote(str(run))}"
    options.say_how_it_ended(console, outcome, method="vocoder", run=run, ways=[way])


def _origin(start_from: str | None, converted_by: str | None, to: str | None):
    """What to begin with, by the folders that it is in: a run may go on from another working directory."""
    from melgan_vc.pretrained.catalogue import find_model
    from melgan_vc.pretrained.vocoders import find_vocoder
    from melgan_vc.training.vocoder_origin import Origin

    start = str(find_vocoder(start_from).absolute()) if start_from else None
    return Origin(start, str(find_model(converted_by).absolute()) if converted_by else None, to)


def _model(origin, config):
    """The model whose faults to learn, if there is one."""
    from melgan_vc.convert.model import ConversionModel
    from melgan_vc.errors import MelganVcError

    if origin.converted_by is None:
        if origin.to is not None:
            raise MelganVcError(f"Expected --to with --converted-by MODEL, received: --to {origin.to} alone")
        return None
    model = ConversionModel(Path(origin.converted_by), to=origin.to)
    config.mel.require_same(model.config.mel, mine="the vocoder", theirs="the model of --converted-by")
    return model
