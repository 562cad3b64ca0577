"""``melgan-vc export RUN --output FOLDER --task TEXT``: a run as a model to share."""

from pathlib import Path
from typing import Annotated

import typer

from melgan_vc.cli.common import plain_errors
from melgan_vc.engine.start import start_engine


@plain_errors
def export(
    run: Annotated[Path, typer.Argument(help="A run folder.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write; its name is the model's.")],
    task: Annotated[str, typer.Option(help="What the model converts, in a line.")],
    evaluation: Annotated[
        Path | None, typer.Option(help="JSON report of an evaluation; the run's evaluation.json if none is named.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", "-f", help="Replace a model exported before.")] = False,
) -> None:
    """Strip a run to what conversion needs: config, weights in half precision, model card, evaluation.

    Example: melgan-vc export runs/mine --output shared/jazz2classical --task "Jazz to classical"
    """
    start_engine()
    from melgan_vc.export import strip as exporting

    done = exporting.export(run, output, task=task, evaluation=evaluation, overwrite=force)
    typer.echo(
        f"{run} -> {output}: {done.size / 1e6:.1f} MB; half precision changes what it makes, which reaches "
        f"from -1 to 1, by {done.difference:.2g} at most.\nFill in what {output / 'README.md'} asks for before "
        "sharing it."
    )
