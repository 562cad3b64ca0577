"""``melgan-vc evaluate --domain NAME=DIR --domain NAME=DIR ...``: how well does a run convert between many voices?"""

from collections.abc import Mapping
from pathlib import Path


def evaluate_many(
    run: Path,
    folders: Mapping[str, Path],
    *,
    unseen: Path | None,
    output: Path,
    clips: int,
    seconds: float,
    examples: int,
    vocoder: str,
    iterations: int | None,
    device: str,
    task: str | None,
) -> None:
    """Convert between every two voices and like unseen ones, print the tables and write report.json and report.md."""
    from functools import partial

    from rich.console import Console

    from melgan_vc.cli.report_folder import write_report
    from melgan_vc.convert.model import ConversionModel, require_direction
    from melgan_vc.devices import choose_device
    from melgan_vc.errors import MelganVcError
    from melgan_vc.evaluate.evaluate import make_metrics
    from melgan_vc.evaluate.many_voices import ManyVoices, VoicesEvaluator
    from melgan_vc.evaluate.naturalness import Naturalness
    from melgan_vc.evaluate.phoneme_error import PhonemeError
    from melgan_vc.evaluate.report_many_voices import many_voices_console, many_voices_json, many_voices_markdown
    from melgan_vc.evaluate.speaker_centroids import SpeakerCentroids
    from melgan_vc.evaluate.speaker_similarity import SpeakerSimilarity
    from melgan_vc.evaluate.tasks import task_of
    from melgan_vc.evaluate.voice_folders import trained_voices, unseen_voices
    from melgan_vc.pretrained.vocoders import choose_vocoder
    from melgan_vc.training.run_files import RunFiles

    config = RunFiles(run).load_config()
    if (task or task_of(config)) != "voice":
        raise MelganVcError(
            "Expected a run of voices with --domain, received: one of music. Judge it from one style to another with "
            "--source, --target and --to."
        )
    for name in folders:
        require_direction(config, name)
    if unseen and not config.named_domains:
        raise MelganVcError(
            f"Expected a run that converts like a recording with --unseen, received: {run}, which is of "
            f"{config.method.name}"
        )

    console = Console()
    used = choose_device(device)
    rate = config.mel.rate
    with console.status("reading the voices") as status:
        voices = trained_voices(
            folders, rate=rate, share=config.corpus.held_out, seconds=seconds, clips=clips, shown=examples
        )
        strangers = unseen_voices(unseen, rate=rate, seconds=seconds, count=examples) if unseen else []
        status.update("loading the evaluators")
        embedder = SpeakerSimilarity()
        metrics, missing = make_metrics([PhonemeError, Naturalness])
        evaluator = VoicesEvaluator(
            voices,
            SpeakerCentroids(embedder, {voice.name: voice.examples for voice in voices}, rate),
            metrics,
            choose_vocoder(vocoder, config.mel, iterations=iterations),
            rate=rate,
            say=status.update,
        )
        # First, as it is what can be refused.
        like = evaluator.like(lambda path: ConversionModel(run, like=path), strangers) if strangers else {}
        pitches = dict(zip(config.method.domains, config.method.pitches, strict=True)) if _has_pitches(config) else {}
        rows = evaluator.between(lambda name: ConversionModel(run, to=name), pitches=pitches)
    found = ManyVoices(
        list(folders), rows, like, evaluator.real_time_factor, list(dict.fromkeys(missing + evaluator.missing))
    )

    for table in many_voices_console(found):
        console.print(table)
        console.print()
    say = partial(console.print, markup=False, highlight=False, soft_wrap=True)
    for sentence in found.missing:
        say(sentence, style="yellow")
    write_report(output, {"report.json": many_voices_json(found), "report.md": many_voices_markdown(found)})
    converted = len(rows["conversion"]) + len(like.get("conversion", []))
    say(f"{converted} conversions on {used}, real-time factor {found.real_time_factor:.3f}.")
    say(f"Report: {output / 'report.md'}")


def _has_pitches(config) -> bool:
    return bool(getattr(config.method, "pitches", ()))
