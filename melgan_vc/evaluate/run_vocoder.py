"""Evaluate a vocoder beside Griffin-Lim: what ``melgan-vc evaluate-vocoder`` does."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from melgan_vc.corpus.clips import folder_clips
from melgan_vc.engine.start import start_engine
from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.reports.folder import WrittenReport, report_folder, write_report
from melgan_vc.evaluate.tasks import require_task, task_of, vocoder_metrics
from melgan_vc.runs.run_files import RunFiles

if TYPE_CHECKING:
    from melgan_vc.evaluate.vocoders import VocoderEvaluation

HELD_OUT, UNSEEN = "held-out clips", "clips of a folder never trained on"


def evaluate_vocoder(
    vocoder: str | os.PathLike,
    *,
    data: str | os.PathLike | Sequence[str | os.PathLike] = (),
    unseen: str | os.PathLike | None = None,
    output: str | os.PathLike | None = None,
    task: str | None = None,
    clips: int = 6,
    seconds: float = 8.0,
    iterations: int = 64,
    device: str = "auto",
    force: bool = False,
    say: Callable[[str], None] = lambda message: None,
) -> "WrittenReport[VocoderEvaluation]":
    """Let a vocoder and Griffin-Lim make sound of the same log-mels, measure both, and write the report.

    Packages of the extra ``evaluate`` that are missing are named in the report, and the rest is measured.

    Parameters
    ----------
    vocoder : str or path
        A run folder of a vocoder, or the name of one that ships.
    data : path or sequence of path
        Folders of audio that it was trained on, for their held-out files.
    unseen : path, optional
        Folder of audio of which it has seen nothing.
    output : path, optional
        Folder for ``report.json`` and ``report.md``; ``RUN/evaluation`` if none is named.
    task : {'voice', 'music'}, optional
        Which metrics; by the run's preset unless told.
    clips : int
        Clips of each folder at most.
    seconds : float
        Longest clip.
    iterations : int
        Of the Griffin-Lim beside it.
    device : {'auto', 'cpu', 'gpu'}
        What computes.
    force : bool
        Replace an existing report.
    say : callable
        Is told what is being done.

    Returns
    -------
    WrittenReport
        Its ``evaluation`` is a `VocoderEvaluation`.

    Raises
    ------
    MelganVcError
        If there is no such vocoder, no folder is given or one has no usable or no held-out audio, or there is a
        report already.

    Examples
    --------
    >>> evaluate_vocoder("vocoder_voice")
    Traceback (most recent call last):
    melgan_vc.errors.MelganVcError: Expected --data, a folder of audio, or --unseen, received: neither
    """
    known = [data] if isinstance(data, str | os.PathLike) else list(data)
    if not known and unseen is None:
        raise MelganVcError("Expected --data, a folder of audio, or --unseen, received: neither")
    require_task(task)

    start_engine()
    from melgan_vc.engine.devices import choose_device
    from melgan_vc.evaluate.reports.report_vocoders import vocoders_json, vocoders_markdown
    from melgan_vc.evaluate.vocoders import evaluate_vocoders
    from melgan_vc.pretrained.vocoders import load_vocoder
    from melgan_vc.vocoders.griffin_lim import GriffinLim

    run = _found(os.fspath(vocoder))
    folder = report_folder(output, name=os.fspath(vocoder), run=run, force=force)
    used = choose_device(device)
    loaded, config = load_vocoder(run), RunFiles(run).load_config()
    task = task or task_of(config)
    options = {"rate": config.mel.rate, "share": config.corpus.held_out, "count": clips, "seconds": seconds}
    say("reading clips")
    groups = {HELD_OUT: folder_clips([Path(place) for place in known], **options)}
    groups |= {UNSEEN: folder_clips([] if unseen is None else [Path(unseen)], everything=True, **options)}
    found = evaluate_vocoders(
        [loaded, GriffinLim.on_best_device(config.mel, iterations=iterations)],
        {name: group for name, group in groups.items() if group},
        level_db=config.corpus.level_db,
        makers=vocoder_metrics(task),
        say=say,
    )
    settings = {"vocoder": loaded.name, "task": task, "griffin_lim_iterations": iterations, "device": used}
    texts = {"report.json": vocoders_json(found, settings), "report.md": vocoders_markdown(found, settings)}
    write_report(folder, texts)
    return WrittenReport(found, folder, used)


def _found(vocoder: str) -> Path:
    """The run folder of a vocoder that is a network."""
    from melgan_vc.pretrained.vocoders import AUTO, GRIFFIN_LIM, find_vocoder

    if vocoder in (AUTO, GRIFFIN_LIM):
        raise MelganVcError(
            f"Expected a neural vocoder, its run folder or its name, received: {vocoder}. Griffin-Lim is what it is "
            "compared with."
        )
    return find_vocoder(vocoder)
