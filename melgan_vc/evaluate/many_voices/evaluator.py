"""Judge a run of several voices: between every two of them, and like a voice that it was never trained on."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from melgan_vc.audio.voice_shift import FORMANT_EXPONENT
from melgan_vc.corpus.clips import NamedClip
from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.baselines.naive_shift import naive_shift
from melgan_vc.evaluate.many_voices.clip_result import ClipResult, measure_clip
from melgan_vc.evaluate.many_voices.speaker_centroids import SpeakerCentroids
from melgan_vc.evaluate.many_voices.speakers import Speaker
from melgan_vc.evaluate.metrics.metric import Clip, Metric
from melgan_vc.evaluate.rows import CONVERSION, converted_clips
from melgan_vc.features.packages import MissingEvaluator

Rows = dict[str, list[ClipResult]]
"""Clips by the name of the row: the conversion, and those that it is read beside."""


@dataclass(frozen=True)
class ManyVoices:
    """A finished evaluation of a run of several voices.

    Attributes
    ----------
    names : list of str
        The voices it was trained on.
    rows : dict of str to list of ClipResult
        Between every two of them: the conversion, the source, and the shift alone where pitches are known.
    unseen : dict of str to list of ClipResult
        Like clips of voices it was never trained on: the conversion and the source. Empty if there were none.
    real_time_factor : float
        Of the conversion: seconds of work for a second of audio.
    missing : list of str
        What could not be measured, and the line that installs it.
    """

    names: list[str]
    rows: Rows
    unseen: Rows = field(default_factory=dict)
    real_time_factor: float = float("nan")
    missing: list[str] = field(default_factory=list)


class VoicesEvaluator:
    """Converts the clips of several voices and measures what comes out.

    Parameters
    ----------
    voices : sequence of Voice
        Two or more that the run was trained on.
    centroids : SpeakerCentroids
        Of these voices.
    metrics : sequence of Metric
        What else is measured of every clip.
    vocoder : Vocoder
        For the run's log-mels.
    rate : int
        Of the clips in Hz.
    say : callable
        Is told what is being done.

    Attributes
    ----------
    missing : list of str
        What is not installed.
    """

    def __init__(
        self,
        voices: Sequence[Speaker],
        centroids: SpeakerCentroids,
        metrics: Sequence[Metric],
        vocoder,
        *,
        rate: int,
        say: Callable[[str], None] = lambda message: None,
    ):
        self.voices = voices
        self.missing: list[str] = []
        self._centroids = centroids
        self._metrics = metrics
        self._vocoder = vocoder
        self._rate = rate
        self._say = say
        self._work = self._audio = 0.0  # seconds

    @property
    def real_time_factor(self) -> float:
        """Of all conversions so far; NaN before the first."""
        return self._work / self._audio if self._audio else float("nan")

    def between(self, model_to: Callable[[str], object], *, pitches: Mapping[str, float] | None = None) -> Rows:
        """Every clip of every voice to every other voice.

        Parameters
        ----------
        model_to : callable
            Name of a voice to a `Conversion` that converts to it.
        pitches : mapping of str to float, optional
            Median F0 of each voice in Hz: adds a row in which pitch and formants are shifted, and nothing else.
        """
        rows: Rows = {CONVERSION: [], "source": []}
        for target in self.voices:
            model = model_to(target.name)
            for source in self.voices:
                if source is not target:
                    self._say(f"converting and measuring: {source.name} to {target.name}")
                    rows[CONVERSION] += self._converted(model, source, target.name, source.clips)
        self._say("measuring: source")
        for source in self.voices:
            for clip in self._as_it_is(source.clips):
                found = measure_clip(clip, self._centroids, self._metrics)
                others = [voice.name for voice in self.voices if voice is not source]
                rows["source"] += [ClipResult(clip.name, source.name, other, *found) for other in others]
        if pitches:
            try:
                rows["shift alone"] = self._shifted(pitches)
            except MissingEvaluator as error:
                self.missing.append(str(error))
        return rows

    def like(self, model_like: Callable[[Path], object], unseen: Sequence[Speaker], *, references: int = 3) -> Rows:
        """Clips of the trained voices like a few recordings of each unseen one.

        The centroid of an unseen voice is taken from its other clips: a conversion that copies the room and the
        microphone of its reference gains nothing by it.

        Parameters
        ----------
        model_like : callable
            Path of a recording to a `Conversion` that converts to the voice in it.
        unseen : sequence of Voice
            Never trained on.
        references : int
            Clips of each to convert like; each is used for one clip of every trained voice.

        Raises
        ------
        MelganVcError
            If an unseen voice has the name of a trained one.
        """
        trained = {voice.name for voice in self.voices}
        rows: Rows = {CONVERSION: [], "source": []}
        for speaker in unseen:
            if speaker.name in trained:
                raise MelganVcError(
                    f"Expected voices that were never trained on, received: {speaker.name}, which is the name of a "
                    "domain; if it is another speaker, rename the folder"
                )
        with tempfile.TemporaryDirectory(prefix="melgan_vc-") as folder:
            path = Path(folder) / "reference.wav"
            for speaker in unseen:
                for number, reference in enumerate(speaker.clips[:references]):
                    self._say(f"converting and measuring: like {speaker.name}, {reference.name}")
                    soundfile.write(path, reference.wave, self._rate, subtype="FLOAT")
                    model = model_like(path)
                    rest = [clip.wave for clip in speaker.clips if clip is not reference]
                    centroids = self._centroids.plus(speaker.name, rest or [reference.wave])
                    for source in self.voices:
                        clips = [source.clips[number % len(source.clips)]]
                        rows[CONVERSION] += self._converted(model, source, speaker.name, clips, centroids)
                        rows["source"] += [
                            ClipResult(
                                clip.name, source.name, speaker.name, *measure_clip(clip, centroids, self._metrics)
                            )
                            for clip in self._as_it_is(clips)
                        ]
        return rows

    def _converted(
        self,
        model,
        source: Speaker,
        target: str,
        clips: Sequence[NamedClip],
        centroids: SpeakerCentroids | None = None,
    ) -> list[ClipResult]:
        converted, factor = converted_clips(model, self._vocoder, clips)
        seconds = sum(len(clip.wave) for clip in clips) / self._rate
        self._audio += seconds
        self._work += factor * seconds
        return [
            ClipResult(
                clip.name, source.name, target, *measure_clip(clip, centroids or self._centroids, self._metrics)
            )
            for clip in converted
        ]

    def _as_it_is(self, clips: Sequence[NamedClip]) -> list[Clip]:
        return [Clip(clip.name, clip.wave, clip.wave, self._rate) for clip in clips]

    def _shifted(self, pitches: Mapping[str, float]) -> list[ClipResult]:
        found = []
        for target in self.voices:
            for source in self.voices:
                if source is target:
                    continue
                self._say(f"measuring: shift alone, {source.name} to {target.name}")
                pitch = pitches[target.name] / pitches[source.name]
                for clip in source.clips:
                    wave: np.ndarray = naive_shift(
                        clip.wave, self._rate, pitch=pitch, formant=pitch**FORMANT_EXPONENT
                    )
                    figures = measure_clip(
                        Clip(clip.name, clip.wave, wave, self._rate), self._centroids, self._metrics
                    )
                    found.append(ClipResult(clip.name, source.name, target.name, *figures))
        return found
