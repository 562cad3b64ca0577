"""A folder that is to be one voice, as a few clips of it sound: is it speech, and of one person?"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from melgan_vc.audio.loudness import levelled
from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus.clips import NamedClip, examples
from melgan_vc.errors import MelganVcError
from melgan_vc.features.loudness import Loudness
from melgan_vc.features.packages import MissingEvaluator
from melgan_vc.features.pitch import Pitch
from melgan_vc.features.speaker_print import SpeakerPrint
from melgan_vc.features.spoken import LEAST_SECONDS, Spoken
from melgan_vc.features.two_speakers import other_speaker
from melgan_vc.terminal.printable import printable

_CLIPS, _SECONDS = 20, 6.0
_MEL = MelConfig()  # 16 kHz, whatever the run has: at 8 kHz two voices may seem one
_LEVEL_DB = -26.0  # where what is silence is known from what is quiet
_SHOWN_NAMES = 3


@dataclass(frozen=True)
class HeardFolder:
    """What was heard in some clips of a folder.

    Attributes
    ----------
    folder : str
        As it was given.
    spoken : Spoken
        Whether it is speech.
    clips : int
        That were heard.
    others : tuple of str
        Those that seem to be of another person than most.
    unknown : str
        Why it is not known whether there is another; empty where it is.
    """

    folder: str
    spoken: Spoken
    clips: int
    others: tuple[str, ...] = ()
    unknown: str = ""

    def pitch(self) -> str:
        """A sentence about the range of its pitch; empty where it has none."""
        if not np.isfinite(self.spoken.hertz).all():
            return ""
        low, middle, high = (f"{hertz:.0f}" for hertz in self.spoken.hertz)
        return printable(
            f"{self.folder}: {self.spoken.voiced:.0%} of what sounds is voiced, at {low} to {high} Hz, half above "
            f"{middle} Hz. A song beyond that may be hoarse."
        )

    def warnings(self, *, sings: bool = False) -> list[str]:
        """Sentences about what is unlike one person who speaks, or ``sings``; none if all is well."""
        found = []
        if doubt := self.spoken.unsung if sings else self.spoken.doubt:
            found.append(
                f"{self.folder} does not sound like speech: {doubt}. As a voice it needs recordings of one person "
                "who speaks, without noise and music."
            )
        if self.others:
            names = ", ".join(self.others[:_SHOWN_NAMES]) + (", ..." if len(self.others) > _SHOWN_NAMES else "")
            found.append(
                f"{self.folder} sounds like more than one person, or like one who was recorded in two ways: of "
                f"{self.clips} clips, {len(self.others)} are unlike the rest ({names}). A voice is learned as a "
                "mixture of them: give each person a folder, and leave out what has noise or is from a telephone."
            )
        return list(map(printable, found))


def hear_folder(folder: Path, *, speakers: bool = True) -> HeardFolder:
    """Listen to up to 20 clips of 6 s, spread over a folder, held-out files included.

    Parameters
    ----------
    folder : Path
        A folder of audio, which has some that is usable.
    speakers : bool
        Whether to compare the clips' voices, too, which takes half a second a clip.

    Raises
    ------
    MelganVcError
        If there is no usable file.
    """
    clips = examples(folder, rate=_MEL.rate, share=0.0, count=_CLIPS, seconds=_SECONDS)
    features = Pitch(_MEL), Loudness(_MEL)
    waves = (levelled(clip.wave, _MEL.rate, _LEVEL_DB) for clip in clips)
    prosody = (np.concatenate([feature.of(wave) for feature in features], axis=1) for wave in waves)
    spoken = Spoken.of(prosody, _MEL.frames_per_second)
    others, unknown = (), ""
    if speakers and not spoken.fault:
        try:
            others = _others(clips, _MEL.rate)
        except MissingEvaluator as error:
            unknown = str(error)
    return HeardFolder(str(folder), spoken, len(clips), others, unknown)


def require_voice(name: str, heard: HeardFolder, *, sings: bool = False) -> None:
    """Raise a `MelganVcError` if nothing can be learned of a folder as the voice called ``name``.

    Of one who ``sings`` nobody can tell by the pitch whether it is a voice.
    """
    if fault := heard.spoken.unsung if sings else heard.spoken.fault:
        sung = "" if heard.spoken.unsung else " If that is singing without accompaniment: --set method.sings=true"
        raise MelganVcError(
            f"Expected somebody who speaks in the folder of {name}, received: {heard.folder}, in which {fault}. Give "
            f"it recordings of one person who speaks, and no whispering, noise or music.{sung}"
        )


def require_music(name: str, heard: HeardFolder) -> None:
    """Raise a `MelganVcError` if somebody speaks in a folder that is to be the music called ``name``."""
    if not heard.spoken.fault and heard.spoken.seconds >= LEAST_SECONDS:
        raise MelganVcError(
            f"Expected music in the folder of {name}, received: {heard.folder}, in which somebody seems to speak: "
            f"the pitch moves by {heard.spoken.movement:.0f} semitones a second, where that of music moves by 2. "
            "Give it music, or take --preset voice for speech."
        )


def _others(clips: Sequence[NamedClip], rate: int) -> tuple[str, ...]:
    """Names of the clips that seem to be of another person than most."""
    embedder = SpeakerPrint()
    prints = [(clip.name, embedder.embed(clip.wave, rate)) for clip in clips]
    known = [(name, vector) for name, vector in prints if vector is not None]
    if not known:
        return ()
    other = other_speaker(np.stack([vector for _, vector in known]))
    return tuple(name for (name, _), out in zip(known, other, strict=True) if out)
