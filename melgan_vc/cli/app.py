"""``melgan-vc``: every command under one name."""

import typer

from melgan_vc.cli import adapt, convert, evaluate, evaluate_vocoder, export, inspect, models, train, tune

app = typer.Typer(
    help="Unpaired audio style transfer with spectrogram GANs.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)
app.add_typer(train.app, name="train")
app.command(name="convert", no_args_is_help=True)(convert.convert)
app.command(name="adapt", no_args_is_help=True)(adapt.adapt)
app.command(name="inspect", no_args_is_help=True)(inspect.inspect)
app.command(name="tune", no_args_is_help=True)(tune.tune)
app.command(name="evaluate", no_args_is_help=True)(evaluate.evaluate)
app.command(name="evaluate-vocoder", no_args_is_help=True)(evaluate_vocoder.evaluate_vocoder)
app.command(name="models")(models.models)
app.command(name="export", no_args_is_help=True)(export.export)


def main() -> None:
    """Entry point of ``melgan-vc``."""
    app(prog_name="melgan-vc")
