"""Settings that shift the pitch and the formants of each voice to those of the one that is wanted."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from melgan_vc.audio.pitch import median_pitch
from melgan_vc.config.run import RunConfig
from melgan_vc.corpus.clips import examples
from melgan_vc.errors import MelganVcError
from melgan_vc.features.voice_measure import measure_shift


def matched_voices(
    config: RunConfig, folders: Mapping[str, Path], *, say: Callable[[str], None] = lambda message: None
) -> list[str]:
    """Settings, as for ``--set``, by what is heard of each folder.

    Parameters
    ----------
    config : RunConfig
        Of a method that can shift voices, as its ``voice_matching`` says.
    folders : mapping of str to Path
        By domain, in the order of the method's.
    say : callable
        Is given one line that shows the settings as they could be typed.

    Raises
    ------
    MelganVcError
        If the method shifts no voices, or a folder holds no voiced speech.
    MissingEvaluator
        If librosa, which measures a pair of voices, is not installed.
    """
    if config.method.voice_matching is None:
        raise MelganVcError(f"Expected a method that shifts voices to match them, received: {config.method.name}")
    options = {"rate": config.mel.rate, "share": config.corpus.held_out, "count": 20, "seconds": 8.0}
    waves = {name: [clip.wave for clip in examples(folder, **options)] for name, folder in folders.items()}
    if config.method.voice_matching == "each":
        pitches = [_pitch(name, clips, config.mel.rate) for name, clips in waves.items()]
        settings = [f"method.pitches=[{','.join(f'{pitch:.1f}' for pitch in pitches)}]"]
    else:
        pitch, formants = measure_shift(*waves.values(), config.mel.rate)
        settings = [f"method.pitch={pitch:.3f}", f"method.formants={formants:.3f}"]
    say(f"Voices matched: {' '.join(f'--set {setting}' for setting in settings)}")
    return settings


def _pitch(name: str, clips: Sequence[np.ndarray], rate: int) -> float:
    """The median over a speaker's clips of their median F0, as conversion measures it."""
    found = [median_pitch(clip, rate) for clip in clips]
    if not np.isfinite(found).any():
        raise MelganVcError(
            f"Expected voiced speech of {name}, received: {len(clips)} clips without any; leave out --match-voices "
            "for what is no speech"
        )
    return float(np.nanmedian(found))
