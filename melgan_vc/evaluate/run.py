"""Evaluate a run from one style to another: what ``melgan-vc evaluate --source --target`` does."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from melgan_vc.config.mel import MelConfig
from melgan_vc.convert.melody import melody_of
from melgan_vc.corpus.clips import examples as find_examples
from melgan_vc.corpus.clips import held_out_clips, unheard_clips, with_parallel
from melgan_vc.engine.start import start_engine
from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.never_heard import never_heard
from melgan_vc.evaluate.reports.folder import WrittenReport, report_folder, write_report
from melgan_vc.evaluate.tasks import metrics_of, require_task, task_of
from melgan_vc.pretrained.catalogue import find_model

if TYPE_CHECKING:
    from melgan_vc.evaluate.evaluation import Evaluation


def evaluate_run(
    model: str | os.PathLike,
    *,
    source: str | os.PathLike,
    target: str | os.PathLike,
    to: str | None = None,
    semitones: float | str = 0.0,
    retrieval: float = 0.0,
    output: str | os.PathLike | None = None,
    task: str | None = None,
    clips: int = 12,
    seconds: float = 20.0,
    examples: int = 30,
    test_source: str | os.PathLike | None = None,
    test_target: str | os.PathLike | None = None,
    parallel: str | os.PathLike | None = None,
    tags: Sequence[str] = ("jazz", "classical"),
    vocoder: str | os.PathLike = "auto",
    iterations: int | None = None,
    device: str = "auto",
    force: bool = False,
    say: Callable[[str], None] = lambda message: None,
) -> "WrittenReport[Evaluation]":
    """Convert held-out clips, measure them beside reference rows, and write the report.

    Packages of the extra ``evaluate`` that are missing are named in the report, and the rest is measured.

    Parameters
    ----------
    model : str or path
        A run folder, or the name of a model that ships.
    source, target : path
        Folders of audio: what to convert from, and whose style was learned. Of a run that needs no source to learn
        from, the first may be any recordings; all of them may be judged.
    to : str, optional
        The domain to convert to, where a run has several.
    semitones, retrieval
        As for `Model.convert`.
    output : path, optional
        Folder for ``report.json``, ``report.html`` and ``report.md``; ``RUN/evaluation`` if none is named.
    task : {'voice', 'music'}, optional
        Which metrics; by the run's preset unless told.
    clips : int
        Held-out clips of each folder at most.
    seconds : float
        Longest clip.
    examples : int
        Clips of each folder that show its style.
    test_source, test_target : path, optional
        Folders of clips that were never trained on, instead of the held-out files.
    parallel : path, optional
        Folder of the same words in the target's voice, in files that are named as the clips.
    tags : (str, str)
        For music, musicnn's tags of the source style and of the target style.
    vocoder, iterations
        As for `melgan_vc.load_model`.
    device : {'auto', 'cpu', 'gpu'}
        What computes.
    force : bool
        Replace an existing report.
    say : callable
        Is told what is being done.

    Returns
    -------
    WrittenReport
        Its ``evaluation`` is an `Evaluation`: ``evaluation.conversion.medians`` has the figures by name, and
        ``evaluation.conversion.clips`` what was converted.

    Raises
    ------
    MelganVcError
        If there is no such model, it does not convert to that domain or as is asked, a folder has no usable or no
        held-out audio, or there is a report already.

    Examples
    --------
    >>> evaluate_run("runs/nowhere", source="jazz", target="classical")
    Traceback (most recent call last):
    melgan_vc.errors.MelganVcError: Expected a run folder or a model's name, received: runs/nowhere (it does not ...
    """
    require_task(task)
    source_tag, target_tag = _two(tags)
    run = find_model(os.fspath(model))
    folder = report_folder(output, name=os.fspath(model), run=run, force=force)
    source, target = Path(source), Path(target)

    start_engine()
    from melgan_vc.engine.devices import choose_device
    from melgan_vc.evaluate.evaluation import evaluate
    from melgan_vc.methods.loading import load_conversion
    from melgan_vc.pretrained.vocoders import choose_vocoder

    used = choose_device(device)
    conversion = load_conversion(run, to=to)
    conversion.set_melody(**melody_of(semitones))
    conversion.set_retrieval(retrieval)
    config = conversion.config
    task = task or task_of(config)
    options = {"rate": config.mel.rate, "share": config.corpus.held_out, "seconds": seconds}
    stereo = task == "music"

    def held_out(own: Path, test: str | os.PathLike | None):
        everything = test is not None
        return held_out_clips(
            Path(test or own), count=clips, everything=everything, stereo=task == "music", **options
        )

    def shown(own: Path):
        return find_examples(own, count=examples, **options)

    targets = held_out(target, test_target)
    if test_source is None and never_heard(source, run):
        every = {"rate": config.mel.rate, "count": clips, "shown": examples, "seconds": seconds}
        chosen, of_source = unheard_clips(source, stereo=stereo, **every)
    else:
        chosen, of_source = held_out(source, test_source), shown(source)
    if parallel is not None:
        chosen = with_parallel(chosen, Path(parallel), rate=config.mel.rate, seconds=seconds)
    say("reading examples of both styles")
    of_target = shown(target)
    of_parallel = parallel is not None
    evaluation = evaluate(
        conversion,
        choose_vocoder(os.fspath(vocoder), config.mel, iterations=iterations),
        task=task,
        makers=metrics_of(task, config, source_tag=source_tag, target_tag=target_tag, parallel=of_parallel),
        clips=chosen,
        targets=targets,
        source_examples=[clip.wave for clip in of_source],
        target_examples=[clip.wave for clip in of_target],
        say=say,
    )
    title = f"{Path(model).absolute().name}: {source.absolute().name} to {target.absolute().name}"
    _write(folder, evaluation, config.mel, title)
    return WrittenReport(evaluation, folder, used)


def _two(tags: Sequence[str]) -> Sequence[str]:
    if isinstance(tags, str) or len(tags) != 2:
        raise MelganVcError(f"Expected tags of the source style and of the target style, received: {tags!r}")
    return tags


def _write(folder: Path, evaluation: "Evaluation", mel: MelConfig, title: str) -> None:
    from melgan_vc.evaluate.reports.report_html import report_html
    from melgan_vc.evaluate.reports.report_json import report_json
    from melgan_vc.evaluate.reports.report_table import report_markdown

    texts = {
        "report.json": report_json(evaluation),
        "report.html": report_html(evaluation, mel, title=title),
        "report.md": report_markdown(evaluation),
    }
    write_report(folder, texts)
