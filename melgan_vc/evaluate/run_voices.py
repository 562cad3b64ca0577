"""Evaluate a run between many voices: what ``melgan-vc evaluate --domain NAME=DIR`` does."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from melgan_vc.config.run import RunConfig
from melgan_vc.engine.start import start_engine
from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.many_voices.speaker_centroids import SpeakerCentroids
from melgan_vc.evaluate.many_voices.speakers import Speaker, trained_speakers, unseen_speakers
from melgan_vc.evaluate.metrics.naturalness import Naturalness
from melgan_vc.evaluate.metrics.phoneme_error import PhonemeError
from melgan_vc.evaluate.reports.folder import WrittenReport, report_folder, write_report
from melgan_vc.evaluate.tasks import require_task, task_of
from melgan_vc.features.speaker_print import SpeakerPrint
from melgan_vc.methods.directions import require_direction
from melgan_vc.pretrained.catalogue import find_model
from melgan_vc.runs.run_files import RunFiles

if TYPE_CHECKING:
    from melgan_vc.evaluate.many_voices.evaluator import ManyVoices


def evaluate_voices(
    model: str | os.PathLike,
    *,
    domains: Mapping[str, str | os.PathLike],
    unseen: str | os.PathLike | None = None,
    output: str | os.PathLike | None = None,
    task: str | None = None,
    clips: int = 3,
    seconds: float = 20.0,
    examples: int = 30,
    vocoder: str | os.PathLike = "auto",
    iterations: int | None = None,
    device: str = "auto",
    force: bool = False,
    say: Callable[[str], None] = lambda message: None,
) -> "WrittenReport[ManyVoices]":
    """Convert clips between every two voices and like voices never trained on, measure them, and write the report.

    Needs the extra ``evaluate``.

    Parameters
    ----------
    model : str or path
        A run folder, or the name of a model that ships.
    domains : mapping of str to path
        The folder of audio of each voice, by the name of its domain; two or more.
    unseen : path, optional
        A folder of voices that were never trained on, each a subfolder, to convert like.
    output : path, optional
        Folder for ``report.json`` and ``report.md``; ``RUN/evaluation`` if none is named.
    task : {'voice'}, optional
        By the run's preset unless told.
    clips : int
        Held-out clips of each voice at most.
    seconds : float
        Longest clip.
    examples : int
        Clips of each voice that show whose it is.
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
        Its ``evaluation`` is a `ManyVoices`.

    Raises
    ------
    MelganVcError
        If there is no such model, it is one of music or does not convert to one of the domains or like a recording,
        a folder has no usable or no held-out audio, or there is a report already.
    MissingEvaluator
        If the package that tells voices apart is not installed.

    Examples
    --------
    >>> evaluate_voices("runs/nowhere", domains={"anna": "anna", "boris": "boris"})
    Traceback (most recent call last):
    melgan_vc.errors.MelganVcError: Expected a run folder or a model's name, received: runs/nowhere (it does not ...
    """
    require_task(task)
    run = find_model(os.fspath(model))
    folder = report_folder(output, name=os.fspath(model), run=run, force=force)
    config = RunFiles(run).load_config()
    _require_voices(config, run, task=task, domains=domains, unseen=unseen)

    start_engine()
    from melgan_vc.engine.devices import choose_device
    from melgan_vc.evaluate.reports.report_many_voices import many_voices_json, many_voices_markdown
    from melgan_vc.pretrained.vocoders import choose_vocoder

    used = choose_device(device)
    options = {"rate": config.mel.rate, "seconds": seconds}
    say("reading the voices")
    places = {name: Path(place) for name, place in domains.items()}
    voices = trained_speakers(places, share=config.corpus.held_out, clips=clips, shown=examples, **options)
    strangers = unseen_speakers(Path(unseen), count=examples, **options) if unseen is not None else []
    made_by = choose_vocoder(os.fspath(vocoder), config.mel, iterations=iterations)
    found = _measured(run, config, voices, strangers, made_by, say)
    write_report(folder, {"report.json": many_voices_json(found), "report.md": many_voices_markdown(found)})
    return WrittenReport(found, folder, used)


def _require_voices(config: RunConfig, run: Path, *, task: str | None, domains, unseen) -> None:
    """Raise unless the run converts voices, to each of the domains, and like a recording if that is asked."""
    if len(domains) < 2:
        raise MelganVcError(f"Expected domains, two or more folders of audio by name, received: {len(domains)}")
    if (task or task_of(config)) != "voice":
        raise MelganVcError(
            "Expected a run of voices with --domain, received: one of music. Judge it from one style to another with "
            "--source, --target and --to."
        )
    for name in domains:
        require_direction(config, name)
    if unseen and not config.method.named_domains:
        raise MelganVcError(
            f"Expected a run that converts like a recording with --unseen, received: {run}, which is of "
            f"{config.method.name}"
        )


def _measured(
    run: Path, config: RunConfig, voices: list[Speaker], strangers: list[Speaker], vocoder, say: Callable[[str], None]
) -> "ManyVoices":
    """All rows: between the voices, and like the strangers."""
    from melgan_vc.evaluate.evaluation import make_metrics
    from melgan_vc.evaluate.many_voices.evaluator import ManyVoices, VoicesEvaluator
    from melgan_vc.methods.loading import load_conversion

    say("loading the evaluators")
    rate = config.mel.rate
    centroids = SpeakerCentroids(SpeakerPrint(), {voice.name: voice.examples for voice in voices}, rate)
    metrics, missing = make_metrics([PhonemeError, Naturalness])
    evaluator = VoicesEvaluator(voices, centroids, metrics, vocoder, rate=rate, say=say)
    # First, as it is what can be refused.
    like = evaluator.like(lambda path: load_conversion(run, like=path), strangers) if strangers else {}
    rows = evaluator.between(lambda name: load_conversion(run, to=name), pitches=_pitches(config))
    missing = list(dict.fromkeys(missing + evaluator.missing))
    return ManyVoices([voice.name for voice in voices], rows, like, evaluator.real_time_factor, missing)


def _pitches(config: RunConfig) -> dict[str, float]:
    """The median F0 of each voice in Hz, where the run knows them."""
    if config.method.voice_matching != "each" or not config.method.pitches:
        return {}
    return dict(zip(config.method.named_domains, config.method.pitches, strict=True))
