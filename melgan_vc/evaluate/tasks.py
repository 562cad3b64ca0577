"""Which metrics judge a voice, and which music."""

from collections.abc import Callable
from functools import partial

from melgan_vc.audio.chunks import CHUNK_FRAMES
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.evaluate.metrics.chroma import Chroma
from melgan_vc.evaluate.metrics.copied import Copied
from melgan_vc.evaluate.metrics.frechet import FrechetDistance
from melgan_vc.evaluate.metrics.frechet_to_recording import FrechetToRecording
from melgan_vc.evaluate.metrics.genre import Genre
from melgan_vc.evaluate.metrics.level import Level
from melgan_vc.evaluate.metrics.log_spectral_distance import LogSpectralDistance
from melgan_vc.evaluate.metrics.mel_cepstral_distortion import MelCepstralDistortion
from melgan_vc.evaluate.metrics.metric import Metric
from melgan_vc.evaluate.metrics.naturalness import Naturalness
from melgan_vc.evaluate.metrics.note_map import NoteMap
from melgan_vc.evaluate.metrics.onsets import Onsets
from melgan_vc.evaluate.metrics.perceptual_quality import PerceptualQuality
from melgan_vc.evaluate.metrics.phoneme_error import PhonemeError
from melgan_vc.evaluate.metrics.pitch import Pitch
from melgan_vc.evaluate.metrics.resemblyzer_similarity import ResemblyzerSimilarity
from melgan_vc.evaluate.metrics.seams import Seams
from melgan_vc.evaluate.metrics.speaker_similarity import SpeakerSimilarity
from melgan_vc.evaluate.metrics.stereo import Stereo
from melgan_vc.evaluate.metrics.stft_distance import StftDistance

TASKS = ("voice", "music")


def task_of(config: RunConfig) -> str:
    """What a run was most likely trained for: music if it began with the preset of that name, or is told notes."""
    return "music" if config.preset == "music" or config.method.learns_notes else "voice"


def require_task(task: str | None) -> None:
    """Raise unless it is one of `TASKS`, or left open.

    >>> require_task("music")
    """
    if task not in (None, *TASKS):
        raise MelganVcError(
            f"Expected --task among {', '.join(TASKS)}, received: {task!r}{did_you_mean(task, TASKS)}"
        )


def metrics_of(
    task: str, config: RunConfig, *, source_tag: str = "jazz", target_tag: str = "classical", parallel: bool = False
) -> list[Callable[[], Metric]]:
    """Makers of all the metrics of a task, in the order of the table.

    Parameters
    ----------
    task : {'voice', 'music'}
        See `TASKS`.
    config : RunConfig
        Of the run that is judged.
    source_tag, target_tag : str
        For music, musicnn's tags of the two styles.
    parallel : bool
        Some clips have a parallel recording: for a voice, measure the distortion to it.
    """
    of_both = [partial(Copied, config.mel), partial(Seams, config.mel, chunk_frames=CHUNK_FRAMES)]
    if task == "voice":
        to_parallel = [MelCepstralDistortion] if parallel else []
        speakers = [SpeakerSimilarity, ResemblyzerSimilarity]
        return [*speakers, PhonemeError, Naturalness, Pitch, *to_parallel, *of_both]
    return [partial(Genre, source_tag, target_tag), FrechetDistance, Chroma, NoteMap, Onsets, Level, Stereo, *of_both]


def vocoder_metrics(task: str) -> list[Callable[[], Metric]]:
    """Makers of the metrics of what a vocoder makes, in the order of the table; see `metrics_of`."""
    of_both = [LogSpectralDistance, StftDistance]
    if task == "voice":
        return [Naturalness, PhonemeError, PerceptualQuality, *of_both]
    return [*of_both, FrechetToRecording]
