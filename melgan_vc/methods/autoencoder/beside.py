"""What a decoder is told beside what is said or played, for speech and for music."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

import numpy as np

from melgan_vc.config.mel import MelConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.features.loudness import SOUNDING
from melgan_vc.features.spoken import Spoken
from melgan_vc.methods.autoencoder.config import PROSODY, SUSTAINED, AutoencoderConfig
from melgan_vc.methods.autoencoder.prosody import moved_pitch, prosody_code, prosody_columns
from melgan_vc.methods.autoencoder.statistics import VoiceStatistics, require_speech, spread_of

Pieces = Iterable[tuple[np.ndarray, np.ndarray]]
"""Of a file each: content ``(T, C)``, and what is told beside it ``(T, columns)``."""

_FEWEST_NOTES = 0.3  # in recorded and rendered music .7 and more, in speech .05 to .2, in noise and drums none
_FEWEST_IN_A_FOLDER = 0.03  # techno has .1
_HEARD = 0.5  # of a key's probability above that of silent ones
_LEAST_SECONDS = 2.0


class Beside(ABC):
    """Columns of a frame that are no content, and how those of one voice become those of another.

    Attributes
    ----------
    features : tuple of str
        What they come from.
    columns : int
        In a frame of these features.
    """

    features: tuple[str, ...]
    columns: int

    @abstractmethod
    def told_columns(self, mel: MelConfig) -> int:
        """Numbers in a frame of what `told` makes."""

    @abstractmethod
    def told(self, frames: np.ndarray, mel: MelConfig) -> np.ndarray:
        """Frames ``(..., columns)`` as a decoder is told them."""

    @abstractmethod
    def statistics(self, pieces: Pieces) -> VoiceStatistics:
        """Of pieces of content ``(T, C)`` and of these columns ``(T, columns)``."""

    @abstractmethod
    def moved(self, frames: np.ndarray, own: np.ndarray, wanted: np.ndarray, **melody: float) -> np.ndarray:
        """Frames with the middle and spread ``(2,)`` that are wanted instead of their own; NaN where unknown."""

    @abstractmethod
    def require(self, name: str, found: VoiceStatistics, *, speaks: bool) -> None:
        """Raise a `MelganVcError` unless there is something to learn from in a folder."""

    @abstractmethod
    def require_content(self, name: str, pieces: Pieces, mel: MelConfig) -> None:
        """Raise a `MelganVcError` unless a run can learn from what is heard in some files of a folder."""

    @abstractmethod
    def doubt(self, content: np.ndarray, frames: np.ndarray, mel: MelConfig, *, sung: bool = False) -> str:
        """Why an input is none for a run that is told this, as a sentence; empty where it may be one.

        Of what is said to be ``sung`` nobody has to speak in it.
        """


class SpeechBeside(Beside):
    """How high and how loud it is said."""

    features = PROSODY
    columns = 3

    def told_columns(self, mel):
        """See `prosody_code`."""
        return prosody_columns(mel)

    def told(self, frames, mel):
        """See `prosody_code`."""
        return prosody_code(frames, mel)

    def statistics(self, pieces):
        """Of what sounds, and of its pitch."""
        return VoiceStatistics.of(pieces)

    def moved(self, frames, own, wanted, **melody):
        """See `moved_pitch`."""
        return moved_pitch(frames, own, wanted, **melody)

    def require(self, name, found, *, speaks):
        """See `require_speech`."""
        require_speech(name, found, pitch=speaks)

    def require_content(self, name, pieces, mel):
        """See `Beside.require_content`: that somebody speaks was heard before features were made."""

    def doubt(self, content, frames, mel, *, sung=False):
        """That nobody speaks or sings in it: there is nothing to say then, and what comes out is babble."""
        spoken = Spoken.of([frames], mel.frames_per_second)
        fault = spoken.unsung if sung else spoken.fault
        if not fault:
            return ""
        return (
            f"nobody seems to speak in its first half minute of sound: {fault}. Where there is no speech, "
            "the result is babble as loud as the input; give it speech, a song with --semitones auto, or take "
            "another method for music"
        )


class MusicBeside(Beside):
    """How loud what lasts is played; drums are not told."""

    features = SUSTAINED
    columns = 1

    def told_columns(self, mel):
        """One."""
        return self.columns

    def told(self, frames, mel):
        """From [0, 1] to [-1, 1]."""
        return (2.0 * frames - 1.0).astype(np.float32)

    def statistics(self, pieces):
        """Middle and spread of the loudness of what sounds; notes need none."""
        sounding = np.concatenate([frames[frames[:, 0] > SOUNDING, 0] for _, frames in pieces])
        return VoiceStatistics(np.zeros((2, 0), np.float32), spread_of(sounding), len(sounding))

    def moved(self, frames, own, wanted, **melody):
        """As loud in the middle as is wanted; how it swells stays."""
        if not (np.isfinite(own).all() and np.isfinite(wanted).all()):
            return frames
        return np.where(frames > 0.0, np.clip(frames + (wanted[0] - own[0]), 0.0, 1.0), frames).astype(np.float32)

    def require(self, name, found, *, speaks):
        """See `Beside.require`."""
        if not found.frames:
            raise MelganVcError(
                f"Expected music in the folder of {name}, received: recordings in which no tone is louder than -48 "
                "dB. Look for what is wrong with it with: melgan-vc inspect"
            )

    def require_content(self, name, pieces, mel):
        """See `Beside.require_content`: that there are any notes."""
        content, frames = map(np.concatenate, zip(*pieces, strict=True))
        share = _share_of_notes(content, frames, mel)
        if share < _FEWEST_IN_A_FOLDER:
            raise MelganVcError(
                f"Expected music in the folder of {name}, received: recordings in which notes are heard in "
                f"{share:.0%} of what sounds, as in noise or drums alone. Give it music with tones"
            )

    def doubt(self, content, frames, mel, *, sung=False):
        """That there are hardly any notes in it."""
        share = _share_of_notes(content, frames, mel)
        if share < _FEWEST_NOTES:
            return (
                f"hardly any notes are heard in its first half minute of sound, in {share:.0%} of it, as in speech, "
                "noise or drums alone. What comes out is as loud, and has no more notes; give it music with tones"
            )
        return ""


def _share_of_notes(content: np.ndarray, frames: np.ndarray, mel: MelConfig) -> float:
    """Of what sounds, the share in which a key does; 1 where too little sounds to say."""
    sounding = frames[:, 0] > SOUNDING
    if np.sum(sounding) < _LEAST_SECONDS * mel.frames_per_second:
        return 1.0
    keys = content[:, : content.shape[1] // 2]
    return float(np.mean(keys[sounding].max(axis=1) > _HEARD))


def beside_of(method: AutoencoderConfig) -> Beside:
    """What a run is told beside its content."""
    return MusicBeside() if method.learns_notes else SpeechBeside()
