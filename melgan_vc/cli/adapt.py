"""``melgan-vc adapt MODEL --voice DIR --output FOLDER``: one more voice of a model, from minutes of it."""

from pathlib import Path
from typing import Annotated

import typer

from melgan_vc.cli.common import plain_errors


@plain_errors
def adapt(
    model: Annotated[str, typer.Argument(help="A run of autoencoder, by folder, or a model that ships: voices.")],
    voice: Annotated[Path, typer.Option(help="Folder of recordings of one person: one to ten minutes.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write, which converts.")],
    name: Annotated[str | None, typer.Option(help="What the voice is called; as its folder, unless told.")] = None,
    learns: Annotated[
        str, typer.Option(help="norms: the voice's vector and what it scales. vector: that alone.")
    ] = "norms",
    others: Annotated[
        Path | None,
        typer.Option(help="Folder of other people: the weights are kept that convert them best. Needs `evaluate`."),
    ] = None,
    panel_every: Annotated[int, typer.Option(min=1, help="Of --others, steps between judgements.")] = 250,
    patience: Annotated[
        int, typer.Option(min=0, help="Of --others, judgements without a better one before it stops; 0 for never.")
    ] = 3,
    minutes: Annotated[float | None, typer.Option(min=0.0, help="Stop after so many minutes.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="section.key=value of the training, any number of times.")
    ] = None,
    cache: Annotated[Path | None, typer.Option(help="Folder for features, shared by runs.")] = None,
) -> None:
    """Learn one more voice of a model, from minutes of it: a few thousand numbers beside the model, which stays.

    Of more than ten minutes a run of its own is better: train_cli.py autoencoder --target DIR --start-from MODEL.

    Example: melgan-vc adapt voices --voice anna/ --output my/anna
    """
    from melgan_vc.adapting.voice import adapt as learn
    from melgan_vc.terminal.console import GuardedConsole, say

    console = GuardedConsole()
    options = {"name": name, "learns": learns, "minutes": minutes, "cache": cache}
    options |= {"others": others, "panel_every": panel_every, "patience": patience}
    outcome = learn(model, voice, output, settings=tuple(settings or ()), console=console, **options)
    say(
        console,
        f"Done: {outcome.step} steps in {outcome.seconds / 60:.1f} minutes.",
        f"Convert with: python convert_cli.py INPUT --model {output}",
        f"Fill in what {output / 'README.md'} asks for before sharing it: who was recorded, and that they agreed.",
    )
