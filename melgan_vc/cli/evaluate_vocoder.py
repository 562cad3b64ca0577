"""``melgan-vc evaluate-vocoder VOCODER --data DIR``: is a neural vocoder better than Griffin-Lim?"""

from pathlib import Path
from typing import Annotated

import typer

from melgan_vc.cli.common import plain_errors


@plain_errors
def evaluate_vocoder(
    vocoder: Annotated[str, typer.Argument(help="A run folder of a vocoder, or the name of one that ships.")],
    data: Annotated[
        list[Path] | None,
        typer.Option(help="Folder of audio that it was trained on, for its held-out files; any number of times."),
    ] = None,
    unseen: Annotated[Path | None, typer.Option(help="Folder of audio of which it has seen nothing.")] = None,
    task: Annotated[str | None, typer.Option(help="voice or music; by the run's preset if left out.")] = None,
    clips: Annotated[int, typer.Option(min=1, help="Clips of each folder.")] = 6,
    seconds: Annotated[float, typer.Option(min=3.0, help="Longest clip.")] = 8.0,
    iterations: Annotated[int, typer.Option(min=0, max=1000, help="Of Griffin-Lim beside it.")] = 64,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for report.json and report.md; RUN/evaluation if left out."),
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or gpu.")] = "auto",
    force: Annotated[bool, typer.Option("--force", "-f", help="Replace an existing report.")] = False,
) -> None:
    """Judge a vocoder on audio that it has not seen, beside Griffin-Lim. Needs the extra `evaluate`.

    Both make sound of the same log-mels; the recording itself is the third column.

    Example: melgan-vc evaluate-vocoder runs/vocoder --data anna/ --data boris/ --unseen clara/
    """
    from melgan_vc.evaluate.run_vocoder import evaluate_vocoder as measure
    from melgan_vc.terminal.console import GuardedConsole, say

    console = GuardedConsole()
    with console.status("loading the vocoder") as status:
        report = measure(
            vocoder,
            data=data or [],
            unseen=unseen,
            task=task,
            clips=clips,
            seconds=seconds,
            iterations=iterations,
            output=output,
            device=device,
            force=force,
            say=status.update,
        )

    from melgan_vc.evaluate.reports.report_vocoders import real_time_factors, vocoders_console

    for table in vocoders_console(report.evaluation):
        console.print(table)
        console.print()
    for sentence in report.evaluation.missing:
        say(console, sentence, style="yellow")
    say(
        console,
        *real_time_factors(report.evaluation),
        f"Griffin-Lim had {iterations} iterations; the vocoder ran on {report.device}.",
        f"Report: {report.folder / 'report.md'}",
    )
