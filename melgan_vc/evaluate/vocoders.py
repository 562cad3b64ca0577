"""Judge a neural vocoder beside Griffin-Lim, from the same log-mels of audio that it has not seen."""

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from melgan_vc.audio.loudness import levelled
from melgan_vc.audio.mel import log_mel
from melgan_vc.corpus.clips import NamedClip
from melgan_vc.evaluate.evaluation import Evaluation, make_metrics, measure_row
from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.vocoders.base import Vocoder

RECORDING = "recording"
REAL_TIME_FACTOR = Column("real_time_factor", "seconds of work for a second of audio, from the log-mel on", "lower")


@dataclass(frozen=True)
class VocoderEvaluation:
    """A finished evaluation of vocoders.

    Attributes
    ----------
    groups : dict of str to Evaluation
        By the name of each group of clips. Rows are those of the vocoders in the order given, then `RECORDING`; a
        row's real-time factor is among its figures of the set.
    missing : list of str
        What could not be measured, and the line that installs it.
    """

    groups: dict[str, Evaluation]
    missing: list[str]


def evaluate_vocoders(
    vocoders: Sequence[Vocoder],
    groups: Mapping[str, Sequence[NamedClip]],
    *,
    level_db: float | None,
    makers: Iterable[Callable[[], Metric]],
    say: Callable[[str], None] = lambda message: None,
) -> VocoderEvaluation:
    """Take the log-mels of clips, have every vocoder make sound of them, and measure all of it.

    Parameters
    ----------
    vocoders : sequence of Vocoder
        For the same log-mels; the one that is judged first.
    groups : dict of str to sequence of NamedClip
        The clips at the rate of the log-mels, by the name of each group.
    level_db : float or None
        What each clip is brought to first, as training brings each file; None for as it is.
    makers : iterable of callable
        Makes each metric.
    say : callable
        Is told what is being done.

    Returns
    -------
    VocoderEvaluation
    """
    mel = vocoders[0].config
    say("loading the evaluators")
    metrics, missing = make_metrics(makers)
    columns = [column for metric in metrics for column in (*metric.columns, *metric.set_columns)]
    recordings = {group: [_recording(clip, mel.rate, level_db) for clip in clips] for group, clips in groups.items()}
    _warm_up(vocoders, next(iter(recordings.values()))[0])
    found = {}
    for group, clips in recordings.items():
        say(f"making sound of {len(clips)} log-mels: {group}")
        made, seconds = _in_turns(vocoders, clips)
        factors = [spent * mel.rate / sum(len(clip.source) for clip in clips) for spent in seconds]
        names = [*(vocoder.name for vocoder in vocoders), RECORDING]
        rows = []
        for name, judged, factor in zip(names, [*made, clips], [*factors, math.nan], strict=True):
            say(f"measuring: {name}, {group}")
            row = measure_row(name, judged, metrics)
            rows.append(replace(row, medians=row.medians | {REAL_TIME_FACTOR.name: factor}))
        found[group] = Evaluation([*columns, REAL_TIME_FACTOR], rows, factors[0], missing)
    return VocoderEvaluation(found, missing)


def _recording(clip: NamedClip, rate: int, level_db: float | None) -> Clip:
    wave = levelled(clip.wave, rate, level_db)
    return Clip(clip.name, wave, wave, rate)


def _warm_up(vocoders: Sequence[Vocoder], clip: Clip) -> None:
    """What is done once, compiling above all, is no part of anybody's real-time factor."""
    for vocoder in vocoders:
        vocoder.invert(log_mel(clip.source, vocoder.config))


def _in_turns(vocoders: Sequence[Vocoder], clips: Sequence[Clip]) -> tuple[list[list[Clip]], list[float]]:
    """What each makes of all clips, and its seconds; clip by clip, so that a busy machine slows all of them alike."""
    made: list[list[Clip]] = [[] for _ in vocoders]
    seconds = [0.0 for _ in vocoders]
    for clip in clips:
        mel = log_mel(clip.source, vocoders[0].config)
        for index, vocoder in enumerate(vocoders):
            started = time.perf_counter()
            wave = vocoder.invert(mel)
            seconds[index] += time.perf_counter() - started
            made[index].append(replace(clip, converted=wave[: len(clip.source)]))
    return made, seconds
