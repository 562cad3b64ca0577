"""``melgan-vc evaluate --model RUN --source DIR --target DIR``: how well does a run convert?"""

from pathlib import Path
from typing import Annotated, Any

import typer

from melgan_vc.cli.common import parse_domains, plain_errors
from melgan_vc.errors import MelganVcError


@plain_errors
def evaluate(
    model: Annotated[str, typer.Option(help="A run folder, or the name of a model that ships.")],
    source: Annotated[Path | None, typer.Option(help="Folder of audio to convert from.")] = None,
    target: Annotated[Path | None, typer.Option(help="Folder of audio whose style was learned.")] = None,
    to: Annotated[str | None, typer.Option(help="The domain to convert to, where a run has several.")] = None,
    domain: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=DIR", help="Instead of these three, each voice: judges every pair of them."),
    ] = None,
    unseen: Annotated[
        Path | None,
        typer.Option(help="With --domain, a folder of voices never trained on, each a subfolder, to convert like."),
    ] = None,
    semitones: Annotated[str | None, typer.Option(help="As convert takes it: of songs auto.")] = None,
    retrieval: Annotated[float | None, typer.Option(min=0.0, max=1.0, help="As convert takes it.")] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Folder for report.json, report.html and report.md; RUN/evaluation if left out."
        ),
    ] = None,
    task: Annotated[str | None, typer.Option(help="voice or music; by the run's preset if left out.")] = None,
    clips: Annotated[
        int | None, typer.Option(min=1, help="Held-out clips to convert: 12, or 3 of each voice with --domain.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=3.0, help="Longest clip.")] = 20.0,
    examples: Annotated[int, typer.Option(min=1, help="Clips of each folder that show its style.")] = 30,
    test_source: Annotated[
        Path | None, typer.Option(help="Clips to convert, never trained on, instead of SOURCE's held-out files.")
    ] = None,
    test_target: Annotated[
        Path | None, typer.Option(help="The same of the target style, for the reference rows.")
    ] = None,
    parallel: Annotated[
        Path | None,
        typer.Option(help="Folder of the same words in the target's voice, named as the clips: adds mcd_db."),
    ] = None,
    tags: Annotated[
        str, typer.Option(help="For music: musicnn's tags of the source style and of the target style.")
    ] = "jazz,classical",
    vocoder: Annotated[str, typer.Option(help="auto, griffin-lim, a name or a run folder: see convert.")] = "auto",
    iterations: Annotated[
        int | None, typer.Option(min=0, max=1000, help="Of Griffin-Lim, which they ask for; 32 unless told.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or gpu.")] = "auto",
    force: Annotated[bool, typer.Option("--force", "-f", help="Replace an existing report.")] = False,
) -> None:
    """Judge a run on held-out clips, beside reference rows. Needs the extra `evaluate`.

    Example: melgan-vc evaluate --model runs/jazz2classical --source jazz/ --target classical/

    Example: melgan-vc evaluate --model runs/voices --domain anna=anna/ --domain boris=boris/ --domain clara=clara/
    """
    folders = _domains(
        domain or [],
        unseen=unseen,
        alone={
            "--source": source,
            "--target": target,
            "--to": to,
            "--semitones": semitones,
            "--retrieval": retrieval,
            "--test-source": test_source,
            "--test-target": test_target,
            "--parallel": parallel,
        },
    )
    pair = _pair_of_tags(tags)
    shared = {"output": output, "task": task, "seconds": seconds, "examples": examples, "vocoder": vocoder}
    shared |= {"iterations": iterations, "device": device, "force": force}
    if folders:
        _between_voices(model, domains=folders, unseen=unseen, clips=clips or 3, **shared)
        return
    shared |= {"test_source": test_source, "test_target": test_target, "parallel": parallel, "tags": pair}
    shared |= {"semitones": semitones or "0", "retrieval": retrieval or 0.0}
    _from_one_to_another(model, source=source, target=target, to=to, clips=clips or 12, **shared)


def _from_one_to_another(model: str, **options) -> None:
    """Evaluate a run from its source to its target, and print the table."""
    from melgan_vc.evaluate.run import evaluate_run
    from melgan_vc.terminal.console import GuardedConsole, say

    console = GuardedConsole()
    with console.status("loading the run") as status:
        report = evaluate_run(model, **options, say=status.update)

    from melgan_vc.evaluate.judges import judges_sentence
    from melgan_vc.evaluate.reports.report_table import report_table

    found = report.evaluation
    console.print(report_table(found))
    for sentence in (*found.missing, *found.conditioned):
        say(console, sentence, style="yellow")
    if judged := judges_sentence(found.columns):
        say(console, judged)
    say(
        console,
        f"{len(found.conversion.clips)} clips on {report.device}, real-time factor {found.real_time_factor:.3f}.",
        f"Report: {report.folder / 'report.html'}",
    )


def _between_voices(model: str, **options) -> None:
    """Evaluate a run between many voices, and print the tables."""
    from melgan_vc.evaluate.run_voices import evaluate_voices
    from melgan_vc.terminal.console import GuardedConsole, say

    console = GuardedConsole()
    with console.status("loading the run") as status:
        report = evaluate_voices(model, **options, say=status.update)

    from melgan_vc.evaluate.reports.report_many_voices import many_voices_console
    from melgan_vc.evaluate.rows import CONVERSION

    found = report.evaluation
    for table in many_voices_console(found):
        console.print(table)
        console.print()
    for sentence in found.missing:
        say(console, sentence, style="yellow")
    converted = len(found.rows[CONVERSION]) + len(found.unseen.get(CONVERSION, []))
    say(
        console,
        f"{converted} conversions on {report.device}, real-time factor {found.real_time_factor:.3f}.",
        f"Report: {report.folder / 'report.md'}",
    )


def _pair_of_tags(text: str) -> list[str]:
    tags = [tag.strip() for tag in text.split(",")]
    if len(tags) != 2:
        raise MelganVcError(f"Expected --tags SOURCE,TARGET, received: {text!r}")
    return tags


def _domains(options: list[str], *, unseen: Path | None, alone: dict[str, Any]) -> dict[str, Path]:
    """The folder of each of several voices; none where one source and one target are given instead."""
    given = [name for name, value in alone.items() if value is not None]
    if options and given:
        raise MelganVcError(
            "Expected either --domain NAME=DIR for each voice or --source and --target, received: --domain and "
            f"{given[0]}"
        )
    if options:
        return parse_domains(options)
    if unseen:
        raise MelganVcError(
            "Expected --domain NAME=DIR for each voice that was trained on with --unseen, received: --unseen without"
        )
    for name in ("--source", "--target"):
        if alone[name] is None:
            raise MelganVcError(
                f"Expected --source and --target, or --domain NAME=DIR for each voice, received: no {name}"
            )
    return {}
