"""``convert_cli.py INPUT --model RUN``: convert any file with a trained run or a model that ships."""

from pathlib import Path
from typing import Annotated

import typer

from melgan_vc.cli.common import plain_errors, say
from melgan_vc.engine.start import start_engine

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command(no_args_is_help=True)
@plain_errors
def convert(
    inputs: Annotated[
        list[str], typer.Argument(help="Audio files, folders, globs, a pipe, or - for standard input.")
    ],
    model: Annotated[
        str, typer.Option(help="A run folder, or the name of a model that ships: see melgan-vc models.")
    ],
    to: Annotated[
        str | None, typer.Option(help="The domain to convert to, where a model knows more than one.")
    ] = None,
    like: Annotated[
        Path | None, typer.Option(help="An audio file to sound like, for a model of many voices; instead of --to.")
    ] = None,
    semitones: Annotated[
        str,
        typer.Option(
            help="Higher than the wanted voice's own pitch, or lower: -24 to 24. Of a song auto, which keeps its "
            "intervals and moves it by octaves, or auto-2.",
        ),
    ] = "0",
    pitch_range: Annotated[
        float, typer.Option(min=0.0, max=4.0, help="Times as much melody as the wanted voice's own; 0 is monotone.")
    ] = 1.0,
    retrieval: Annotated[
        float,
        typer.Option(
            min=0.0,
            max=1.0,
            help="How much of what is said is taken from the nearest that the voice said itself.",
        ),
    ] = 0.0,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="File or folder for results, or - for standard output; beside the input if left out.",
        ),
    ] = None,
    extension: Annotated[str | None, typer.Option("--format", help="wav, flac, ogg, mp3, ... for results.")] = None,
    force: Annotated[bool, typer.Option("--force", "-f", help="Replace existing files.")] = False,
    picture: Annotated[
        bool, typer.Option("--picture", help="Also draw source and result as spectrograms, a PNG beside it.")
    ] = False,
    vocoder: Annotated[
        str, typer.Option(help="auto (one that ships and fits, else Griffin-Lim), griffin-lim, a name, a run folder.")
    ] = "auto",
    iterations: Annotated[
        int | None, typer.Option(min=0, max=1000, help="Of Griffin-Lim, which they ask for; 32 unless told.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or gpu.")] = "auto",
) -> None:
    """Convert audio of any length with a trained run, or with a model that ships.

    Where a run folder is called like a model that ships, the run folder is used; ./NAME is always a path.

    Example: convert_cli.py song.mp3 --model runs/jazz2classical
    """
    from melgan_vc.cli.conversions import Batch
    from melgan_vc.convert.batch import plan
    from melgan_vc.convert.melody import melody_of
    from melgan_vc.methods.directions import require_one_of_to_and_like
    from melgan_vc.pretrained.catalogue import find_model

    require_one_of_to_and_like(to, like)
    melody = melody_of(semitones)
    extension = _dotted(extension)
    jobs = plan(inputs, output, extension=extension, pictures=picture)
    batch = Batch(jobs, overwrite=force, picture=picture, extension=extension)
    run = find_model(model)

    start_engine()
    from melgan_vc.engine.devices import choose_device
    from melgan_vc.methods.loading import load_conversion
    from melgan_vc.pretrained.vocoders import choose_vocoder

    used = choose_device(device)
    loaded = load_conversion(run, to=to, like=like)
    loaded.set_melody(pitch_range=pitch_range, **melody)
    loaded.set_retrieval(retrieval)
    chosen = choose_vocoder(vocoder, loaded.config.mel, iterations=iterations)
    if chosen.latency is not None:
        say(f"Latency of the vocoder {chosen.name}: {1000 * chosen.latency:.0f} ms.", err=True)
    batch.convert(loaded, chosen, used)


def _dotted(extension: str | None) -> str | None:
    """``"flac"`` or ``".flac"`` to ``".flac"``; an error for a format that cannot be written."""
    if extension is None:
        return None
    from melgan_vc.audio.formats import output_format

    dotted = f".{extension.lower().lstrip('.')}"
    output_format(f"output{dotted}")
    return dotted


def main() -> None:
    """Entry point of ``convert_cli.py``."""
    app(prog_name="convert_cli.py")
