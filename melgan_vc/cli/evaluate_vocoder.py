"""``melgan-vc evaluate-vocoder VOCODER --data DIR``: is a neural vocoder better than Griffin-Lim?"""

from pathlib import Path
from typing import Annotated

import typer

from melgan_vc.cli.common import plain_errors, quiet_engine
from melgan_vc.cli.report_folder import report_folder, write_report
from melgan_vc.errors import MelganVcError, did_you_mean

HELD_OUT, UNSEEN = "held-out clips", "clips of a folder never trained on"


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
    from rich.console import Console

    if not data and not unseen:
        raise MelganVcError("Expected --data, a folder of audio, or --unseen, received: neither")
    quiet_engine()
    from functools import partial

    from melgan_vc.devices import choose_device
    from melgan_vc.evaluate.clips import folder_clips
    from melgan_vc.evaluate.report_vocoders import (
        real_time_factors,
        vocoders_console,
        vocoders_json,
        vocoders_markdown,
    )
    from melgan_vc.evaluate.tasks import TASKS, task_of, vocoder_metrics
    from melgan_vc.evaluate.vocoders import evaluate_vocoders
    from melgan_vc.pretrained.vocoders import AUTO, GRIFFIN_LIM, find_vocoder, load_vocoder
    from melgan_vc.vocoders.on_any_device import griffin_lim_on_any_device

    if task not in (None, *TASKS):
        raise MelganVcError(
            f"Expected --task among {', '.join(TASKS)}, received: {task!r}{did_you_mean(task, TASKS)}"
        )
    if vocoder in (AUTO, GRIFFIN_LIM):
        raise MelganVcError(
            f"Expected a neural vocoder, its run folder or its name, received: {vocoder}. Griffin-Lim is what it is "
            "compared with."
        )
    run = find_vocoder(vocoder)
    output = report_folder(output, name=vocoder, run=run, force=force)
    console = Console()
    used = choose_device(device)
    loaded = load_vocoder(run)
    config = loaded.run_config
    task = task or task_of(config)
    options = {"rate": config.mel.rate, "share": config.corpus.held_out, "count": clips, "seconds": seconds}
    with console.status("reading clips") as status:
        groups = {HELD_OUT: folder_clips(data or [], **options)}
        groups |= {UNSEEN: folder_clips([unseen] if unseen else [], everything=True, **options)}
        found = evaluate_vocoders(
            [loaded, griffin_lim_on_any_device(config.mel, iterations=iterations)],
            {name: group for name, group in groups.items() if group},
            level_db=config.corpus.level_db,
            makers=vocoder_metrics(task),
            say=status.update,
        )
    for table in vocoders_console(found):
        console.print(table)
        console.print()
    say = partial(console.print, markup=False, highlight=False, soft_wrap=True)
    for sentence in found.missing:
        say(sentence, style="yellow")
    settings = {"vocoder": loaded.name, "task": task, "griffin_lim_iterations": iterations, "device": used}
    write_report(
        output,
        {"report.json": vocoders_json(found, settings), "report.md": vocoders_markdown(found, settings)},
    )
    for sentence in real_time_factors(found):
        say(sentence)
    say(f"Griffin-Lim had {iterations} iterations; the vocoder ran on {used}.")
    say(f"Report: {output / 'report.md'}")
