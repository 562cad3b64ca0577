"""``melgan-vc evaluate --model RUN --source DIR --target DIR``: how well does a run convert?"""

from pathlib import Path
from typing import Annotated, Any

import typer

from melgan_vc.cli.common import parse_domains, plain_errors, quiet_engine
from melgan_vc.cli.report_folder import report_folder, write_report
from melgan_vc.errors import MelganVcError, did_you_mean


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
    from rich.console import Console

    from melgan_vc.pretrained.catalogue import find_model

    folders = _domains(
        domain or [],
        unseen=unseen,
        alone={
            "--source": source,
            "--target": target,
            "--to": to,
            "--test-source": test_source,
            "--test-target": test_target,
            "--parallel": parallel,
        },
    )
    run = find_model(model)
    output = report_folder(output, name=model, run=run, force=force)
    pair = tags.split(",")
    if len(pair) != 2:
        raise MelganVcError(f"Expected --tags SOURCE,TARGET, received: {tags!r}")

    quiet_engine()
    from melgan_vc.evaluate.tasks import TASKS, metrics_of, task_of

    if task not in (None, *TASKS):
        raise MelganVcError(
            f"Expected --task among {', '.join(TASKS)}, received: {task!r}{did_you_mean(task, TASKS)}"
        )
    if folders:
        from melgan_vc.cli.evaluate_many import evaluate_many

        options = {"seconds": seconds, "examples": examples, "device": device}
        options |= {"vocoder": vocoder, "iterations": iterations}
        evaluate_many(run, folders, unseen=unseen, output=output, clips=clips or 3, task=task, **options)
        return

    from melgan_vc.convert.model import ConversionModel
    from melgan_vc.devices import choose_device
    from melgan_vc.evaluate.clips import examples as find_examples
    from melgan_vc.evaluate.clips import held_out_clips, with_parallel
    from melgan_vc.evaluate.evaluate import evaluate as judge
    from melgan_vc.evaluate.report_html import report_html
    from melgan_vc.evaluate.report_json import report_json
    from melgan_vc.evaluate.report_table import report_markdown, report_table
    from melgan_vc.pretrained.vocoders import choose_vocoder

    console = Console()
    used = choose_device(device)
    loaded = ConversionModel(run, to=to)
    config = loaded.config
    task = task or task_of(config)
    options = {"rate": config.mel.rate, "share": config.corpus.held_out, "seconds": seconds}
    chosen = held_out_clips(test_source or source, count=clips or 12, everything=test_source is not None, **options)
    targets = held_out_clips(test_target or target, count=clips or 12, everything=test_target is not None, **options)
    if parallel:
        chosen = with_parallel(chosen, parallel, rate=config.mel.rate, seconds=seconds)
    with console.status("reading examples of both styles") as status:
        styles = [
            [clip.wave for clip in find_examples(folder, count=examples, **options)] for folder in (source, target)
        ]
        evaluation = judge(
            loaded,
            choose_vocoder(vocoder, config.mel, iterations=iterations),
            task=task,
            makers=metrics_of(
                task,
                config,
                source_tag=pair[0].strip(),
                target_tag=pair[1].strip(),
                parallel=parallel is not None,
            ),
            clips=chosen,
            targets=targets,
            source_examples=styles[0],
            target_examples=styles[1],
            say=status.update,
        )
    console.print(report_table(evaluation))
    for sentence in evaluation.missing:
        console.print(sentence, style="yellow", markup=False, highlight=False, soft_wrap=True)
    title = f"{Path(model).absolute().name}: {source.absolute().name} to {target.absolute().name}"
    write_report(
        output,
        {
            "report.json": report_json(evaluation),
            "report.html": report_html(evaluation, config.mel, title=title),
            "report.md": report_markdown(evaluation),
        },
    )
    console.print(f"{len(chosen)} clips on {used}, real-time factor {evaluation.real_time_factor:.3f}.")
    console.print(f"Report: {output / 'report.html'}", markup=False, highlight=False, soft_wrap=True)


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


def main() -> None:
    """Entry point when run as a module."""
    typer.run(evaluate)
