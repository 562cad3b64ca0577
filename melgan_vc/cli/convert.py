"""``convert_cli.py INPUT --model RUN``: convert any file with a trained run or a model that ships."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from melgan_vc.cli.common import plain_errors, say_error
from melgan_vc.engine.start import start_engine

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command(no_args_is_help=True)
@plain_errors
def convert(
    inputs: Annotated[list[str], typer.Argument(help="Audio files, folders, globs, or - for standard input.")],
    model: Annotated[
        str, typer.Option(help="A run folder, or the name of a model that ships: see melgan-vc models.")
    ],
    to: Annotated[
        str | None, typer.Option(help="The domain to convert to, where a model knows more than one.")
    ] = None,
    like: Annotated[
        Path | None, typer.Option(help="An audio file to sound like, for a model of many voices; instead of --to.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File or folder for the results; beside the input if none is named."),
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
    from melgan_vc.convert.batch import plan
    from melgan_vc.errors import MelganVcError
    from melgan_vc.methods.directions import require_one_of_to_and_like
    from melgan_vc.pretrained.catalogue import find_model

    require_one_of_to_and_like(to, like)
    piped = "-" in inputs
    if piped and len(inputs) > 1:
        raise MelganVcError("Expected - alone, received: - beside other inputs")
    jobs = [] if piped else plan(inputs, output, extension=_dotted(extension))
    run = find_model(model)

    start_engine()
    from melgan_vc.engine.devices import choose_device
    from melgan_vc.methods.loading import load_conversion
    from melgan_vc.pretrained.vocoders import choose_vocoder

    used = choose_device(device)
    loaded = load_conversion(run, to=to, like=like)
    chosen = choose_vocoder(vocoder, loaded.config.mel, iterations=iterations)
    if chosen.latency is not None:
        typer.echo(f"Latency of the vocoder {chosen.name}: {1000 * chosen.latency:.0f} ms.", err=True)
    if piped:
        _convert_pipe(output, loaded, chosen, used, force)
    else:
        _convert_files(jobs, loaded, chosen, used, force, picture)


def _dotted(extension: str | None) -> str | None:
    """``"flac"`` or ``".flac"`` to ``".flac"``; an error for a format that cannot be written."""
    if extension is None:
        return None
    from melgan_vc.audio.formats import output_format

    dotted = f".{extension.lower().lstrip('.')}"
    output_format(f"output{dotted}")
    return dotted


def _convert_files(jobs, model, vocoder, device: str, force: bool, picture: bool) -> None:
    """Convert every job; one that fails is reported at the end, and the rest are done."""
    import time

    from rich.console import Console
    from rich.markup import escape

    from melgan_vc.convert.picture import draw_conversion
    from melgan_vc.convert.stream import convert_file
    from melgan_vc.errors import MelganVcError

    console = Console(stderr=True)
    failures, seconds, clipped, started = [], 0.0, 0, time.perf_counter()
    for number, job in enumerate(jobs, start=1):
        with console.status(escape(f"{number}/{len(jobs)} {job.source}")):
            try:
                done = convert_file(job.source, job.target, model=model, vocoder=vocoder, overwrite=force)
                if picture:
                    draw_conversion(job.source, job.target, model.config.mel, overwrite=force)
            except MelganVcError as error:
                failures.append(str(error))
                continue
        seconds += done.seconds * done.channels
        clipped += done.clipped
        typer.echo(f"{job.source} -> {job.target}")
    elapsed = time.perf_counter() - started
    if seconds:
        typer.echo(
            f"{len(jobs) - len(failures)} file(s), {seconds:.1f} s of audio in {elapsed:.1f} s on {device}: "
            f"real-time factor {elapsed / seconds:.3f}, sound by {vocoder.name}"
        )
    if clipped:
        typer.echo(f"{clipped} samples were beyond full scale and were limited to it.", err=True)
    if failures and len(jobs) == 1:
        raise MelganVcError(failures[0])
    for failure in failures:
        say_error(failure)
    if failures:
        typer.echo(f"{len(failures)} of {len(jobs)} files could not be converted.", err=True)
        raise typer.Exit(1)


def _convert_pipe(output: Path | None, model, vocoder, device: str, force: bool) -> None:
    """Standard input to standard output (WAV) or to a file; the messages go to standard error."""
    import shutil
    import tempfile
    import time

    from melgan_vc.convert.stream import convert_file

    # Conversion reads its input twice, once to measure its level.
    with tempfile.NamedTemporaryFile(prefix="melgan_vc-", suffix=".input") as spooled:
        shutil.copyfileobj(sys.stdin.buffer, spooled)
        spooled.flush()
        started = time.perf_counter()
        done = convert_file(
            Path(spooled.name), output or sys.stdout.buffer, model=model, vocoder=vocoder, overwrite=force
        )
    elapsed = time.perf_counter() - started
    typer.echo(
        f"{done.seconds:.1f} s of audio on {device}: real-time factor {elapsed / max(done.seconds, 1e-9):.3f}",
        err=True,
    )


def main() -> None:
    """Entry point of ``convert_cli.py``."""
    app(prog_name="convert_cli.py")
