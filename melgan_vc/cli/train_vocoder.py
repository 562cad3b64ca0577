"""``train_cli.py vocoder``: learn to make sound of log-mels."""

import functools
import shlex
from pathlib import Path
from typing import Annotated

import typer

from melgan_vc.cli.common import default_cache, plain_errors, quiet_engine
from melgan_vc.cli.run_options import chosen_config, require_own_settings


@plain_errors
def train_vocoder(
    run: Annotated[Path, typer.Option(help="The run folder to fill, or to go on with.")],
    data: Annotated[
        list[Path] | None, typer.Option(help="Folder of audio to learn from; any number of times.")
    ] = None,
    preset: Annotated[str | None, typer.Option(help="voice, music or debug; voice if none is named.")] = None,
    config: Annotated[Path | None, typer.Option(help="A config.json to start from, instead of a preset.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="section.key=value, any number of times.")
    ] = None,
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
    steps: Annotated[int | None, typer.Option(min=1, help="Batches to train on in all.")] = None,
    minutes: Annotated[float | None, typer.Option(min=0.0, help="Stop after so many minutes.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Of every random draw.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or gpu.")] = "auto",
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the newest checkpoint.")] = False,
    cache: Annotated[Path | None, typer.Option(help="Folder for features, shared by runs.")] = None,
) -> None:
    """A neural vocoder: makes sound of log-mels, with a Fourier head or by upsampling.

    It is for every model with the same log-mel settings, which are those of the preset.

    Example: train_cli.py vocoder --data anna/ --data boris/ --run runs/vocoder --preset voice
    """
    from rich.console import Console

    from melgan_vc.errors import MelganVcError
    from melgan_vc.training.run_files import RunFiles

    console = Console()
    files, before = RunFiles(run), []
    if resume:
        given = {"--set": settings, "--preset": preset, "--config": config, "--seed": seed}
        given |= {"--start-from": start_from, "--converted-by": converted_by, "--to": to}
        require_own_settings(given)
        chosen, before = files.load_config(), files.trained_on_folders()
        if chosen.method.name != "vocoder":
            raise MelganVcError(
                f"Expected a run of vocoder to go on with, received: {run}, which is of {chosen.method.name}. Use "
                f"the command {chosen.method.name}."
            )
    else:
        chosen = chosen_config(preset, config, "vocoder")
    folders = list(data or before)
    if not folders:
        raise MelganVcError("Expected --data, a folder of audio, received: none")
    overrides = list(settings or [])
    overrides += [f"training.steps={steps}"] if steps is not None else []
    overrides += [f"training.seed={seed}"] if seed is not None else []
    chosen = chosen.with_overrides(overrides)

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
    say = functools.partial(console.print, markup=False, highlight=False, soft_wrap=True)
    if outcome.stopped_because:
        say(
            f"Stopped at step {outcome.step} because {outcome.stopped_because}; everything is saved.\n"
            f"Go on with: python train_cli.py vocoder --run {shlex.quote(str(run))} --resume"
        )
    else:
        say(f"Done: {outcome.step} steps in {outcome.seconds / 60:.1f} minutes.")
    say(f"Convert with:    python convert_cli.py INPUT --model MODEL --vocoder {shlex.quote(str(run))}")
    say(f"Listen and look: {run / 'samples'}\nCurves:          tensorboard --logdir {shlex.quote(str(run / 'logs'))}")


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
