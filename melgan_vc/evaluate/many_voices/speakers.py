"""Folders of speech, one for each of several voices: clips to convert, and clips that show who speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from melgan_vc.audio.files import find_audio
from melgan_vc.corpus.clips import NamedClip, examples, held_out_clips
from melgan_vc.errors import MelganVcError

_ADVICE = "Training holds out files if there are five or more, and corpus.held_out is above 0."


@dataclass(frozen=True)
class Speaker:
    """A speaker.

    Attributes
    ----------
    name : str
        Of the domain, or of the folder.
    clips : list of NamedClip
        Never trained on.
    examples : list of np.ndarray
        Waveforms ``(samples,)`` that show whose voice it is.
    """

    name: str
    clips: list[NamedClip]
    examples: list[np.ndarray]


def trained_speakers(
    folders: Mapping[str, Path], *, rate: int, share: float, seconds: float, clips: int, shown: int
) -> list[Speaker]:
    """The voice of every domain: a few held-out clips, and examples among the files that were trained on.

    Parameters
    ----------
    folders : mapping of str to Path
        By the name of the domain.
    rate : int
        Sampling rate wanted in Hz.
    share : float
        The share that training holds out.
    seconds : float
        Longest clip.
    clips, shown : int
        Held-out clips and examples at most, of each voice.

    Raises
    ------
    MelganVcError
        If a folder has no usable audio, or no held-out file.
    """
    options = {"rate": rate, "share": share, "seconds": seconds}
    return [
        Speaker(
            name,
            held_out_clips(folder, count=clips, advice=_ADVICE, **options),
            [clip.wave for clip in examples(folder, count=shown, **options)],
        )
        for name, folder in folders.items()
    ]


def unseen_speakers(folder: Path, *, rate: int, seconds: float, count: int) -> list[Speaker]:
    """Voices that were never trained on: a speaker in each subfolder, or one if there are files beside them.

    Parameters
    ----------
    folder : Path
        Of audio, or of folders of audio.
    rate, seconds
        As for `trained_speakers`.
    count : int
        Clips of each at most; they are the examples as well.

    Raises
    ------
    MelganVcError
        If there is no usable audio.
    """
    paths = find_audio(folder)
    if not paths:
        raise MelganVcError(f"Expected a folder with audio files, received: {folder} (none found in it)")
    inside = [path.relative_to(folder).parts for path in paths]
    names = sorted({parts[0] for parts in inside})
    single = any(len(parts) == 1 for parts in inside)
    speakers = {folder.absolute().name: folder} if single else {name: folder / name for name in names}
    voices = []
    for name, place in speakers.items():
        clips = held_out_clips(place, rate=rate, share=0.0, seconds=seconds, count=count, everything=True)
        voices.append(Speaker(name, clips, [clip.wave for clip in clips]))
    return voices
