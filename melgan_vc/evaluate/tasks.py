"""Which metrics judge a voice, and which music."""

from collections.abc import Callable
from functools import partial

from melgan_vc.audio.chunks import CHUNK_FRAMES
from melgan_vc.config import RunConfig
from melgan_vc.evaluate.chroma import Chroma
from melgan_vc.evaluate.copied import Copied
from melgan_vc.evaluate.frechet import FrechetDistance
from melgan_vc.evaluate.frechet_to_recording import FrechetToRecording
from melgan_vc.evaluate.genre import Genre
from melgan_vc.evaluate.log_spectral_distance import LogSpectralDistance
from melgan_vc.evaluate.mel_cepstral_distortion import MelCepstralDistortion
from melgan_vc.evaluate.metric import Metric
from melgan_vc.evaluate.naturalness import Naturalness
from melgan_vc.evaluate.note_map import NoteMap
from melgan_vc.evaluate.onsets import Onsets
from melgan_vc.evaluate.perceptual_quality import PerceptualQuality
from melgan_vc.evaluate.phoneme_error import PhonemeError
from melgan_vc.evaluate.pitch import Pitch
from melgan_vc.evaluate.seams import Seams
from melgan_vc.evaluate.speaker_similarity import SpeakerSimilarity
from melgan_vc.evaluate.stft_distance import StftDistance

TASKS = ("voice", "music")


def task_of(config: RunConfig) -> str:
    """What a run was most likely trained for: music if it began with the preset of that name."""
    return "music" if config.preset == "music" else "voice"


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
        return [SpeakerSimilarity, PhonemeError, Naturalness, Pitch, *to_parallel, *of_both]
    return [partial(Genre, source_tag, target_tag), FrechetDistance, Chroma, NoteMap, Onsets, *of_both]


def vocoder_metrics(task: str) -> list[Callable[[], Metric]]:
    """Makers of the metrics of what a vocoder makes, in the order of the table; see `metrics_of`."""
    of_both = [LogSpectralDistance, StftDistance]
    if task == "voice":
        return [Naturalness, PhonemeError, PerceptualQuality, *of_both]
    return [*of_both, FrechetToRecording]
