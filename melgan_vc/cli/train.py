"""``train_cli.py METHOD``: learn a style from folders of audio."""

import functools
import inspect

import typer

from melgan_vc.cli.common import plain_errors
from melgan_vc.cli.train_method import train_method
from melgan_vc.cli.train_vocoder import train_vocoder

app = typer.Typer(
    help="Learn a style from folders of audio.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)


@app.callback()
def _methods() -> None:
    """Learn a style from folders of audio; each command is a method."""


def _add_command(method: str, description: str, *, without: tuple[str, ...] = ()) -> None:
    """Add a method's command: the options of `train_method`, less those that mean nothing to it."""

    @functools.wraps(train_method)
    def command(**options):
        train_method(method, **options)

    signature = inspect.signature(train_method)
    kept = [option for option in signature.parameters.values() if option.name not in ("method", *without)]
    command.__signature__ = signature.replace(parameters=kept)
    command.__doc__ = description
    app.command(name=method)(plain_errors(command))


_add_command(
    "travelgan",
    """MelGAN-VC: a GAN on log-mel chunks with a TraVeL loss for content.

    Example: train_cli.py travelgan --source jazz/ --target classical/ --run runs/jazz2classical --preset music
    """,
    without=("domain",),
)
_add_command(
    "cyclegan",
    """CycleGAN-VC: two GANs, one each way, that must bring back what the other has translated.

    A run converts both ways: convert_cli.py has --to target and --to source.

    Example: train_cli.py cyclegan --source anna/ --target boris/ --run runs/anna_boris --preset voice
    """,
    without=("domain",),
)
_add_command(
    "stargan",
    """StarGAN v2: one GAN for every pair of 2 to 100 domains, and for voices it was never trained on.

    A run converts to any of them: convert_cli.py has --to NAME and --like REFERENCE.

    Example: train_cli.py stargan --domain anna=anna/ --domain boris=boris/ --domain carla=carla/ --run runs/voices
    """,
    without=("source", "target"),
)


app.command(name="vocoder")(train_vocoder)


def main() -> None:
    """Entry point of ``train_cli.py``."""
    app(prog_name="train_cli.py")
