"""A judge of runs of several voices or styles, for the panel: a dozen clips, from and to every one alike."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from melgan_vc.config.run import RunConfig
from melgan_vc.corpus.clips import NamedClip
from melgan_vc.evaluate.many_voices.clip_result import ClipResult, measure_clip, summary
from melgan_vc.evaluate.many_voices.speaker_centroids import SpeakerCentroids
from melgan_vc.evaluate.many_voices.speakers import Speaker, trained_speakers
from melgan_vc.evaluate.many_voices.style_centroids import StyleCentroids
from melgan_vc.evaluate.metrics.chroma import Chroma
from melgan_vc.evaluate.metrics.metric import Metric
from melgan_vc.evaluate.metrics.naturalness import Naturalness
from melgan_vc.evaluate.metrics.phoneme_error import PhonemeError
from melgan_vc.evaluate.rows import converted_clips
from melgan_vc.evaluate.score import COLUMNS, score
from melgan_vc.evaluate.tasks import task_of
from melgan_vc.features.speaker_print import SpeakerPrint
from melgan_vc.methods.conversion import Conversion, conversion_of
from melgan_vc.methods.registry import build_network
from melgan_vc.vocoders.griffin_lim import GriffinLim

_CLIPS, _SECONDS = 12, 10.0
_EXAMPLES, _FEWEST_EXAMPLES, _ALL_EXAMPLES = 20, 5, 200


class ManyVoicesJudge:
    """Converts fixed clips between several voices with any weights of a run, and gives the figures and the score.

    What is said of voices here holds for styles of music.

    Parameters
    ----------
    config : RunConfig
        Of the run.
    voices : sequence of Speaker
        All that the run is trained on.
    centroids : SpeakerCentroids or StyleCentroids
        Of these voices.
    metrics : sequence of Metric
        That give ``phoneme_error_rate`` and ``dnsmos``, of music ``chroma_margin``.

    Attributes
    ----------
    plan : dict of str to list of (str, NamedClip)
        For each voice that is asked for, whose clips are converted to it.
    """

    def __init__(
        self,
        config: RunConfig,
        voices: Sequence[Speaker],
        *,
        centroids: SpeakerCentroids | StyleCentroids,
        metrics: Sequence[Metric],
    ):
        self.task = "styles" if task_of(config) == "music" else "voices"
        self.plan = _plan(voices)
        self.metrics = metrics
        self._centroids = centroids
        self._vocoder = GriffinLim(config.mel)
        self._models = self._untrained_models(config)

    @classmethod
    def of_folders(cls, config: RunConfig, folders: Mapping[str, Path]) -> Self:
        """A judge with a few clips that training on these folders holds out.

        Raises
        ------
        MelganVcError
            If a folder has no usable audio or no held-out file, or a package is not installed.
        """
        rate = config.mel.rate
        voices = trained_speakers(
            folders,
            rate=rate,
            share=config.corpus.held_out,
            seconds=_SECONDS,
            clips=max(1, _CLIPS // len(folders)),
            shown=min(_EXAMPLES, max(_FEWEST_EXAMPLES, _ALL_EXAMPLES // len(folders))),
        )
        examples = {voice.name: voice.examples for voice in voices}
        if task_of(config) == "music":
            chroma = Chroma()
            everything = [wave for waves in examples.values() for wave in waves]
            chroma.prepare(everything, everything, rate)
            return cls(config, voices, centroids=StyleCentroids(examples, rate), metrics=[chroma])
        centroids = SpeakerCentroids(SpeakerPrint(), examples, rate)
        return cls(config, voices, centroids=centroids, metrics=[PhonemeError(), Naturalness()])

    def _untrained_models(self, config: RunConfig) -> dict[str, Conversion]:
        network = build_network(config)
        return {name: conversion_of(config, network, to=name) for name in self.plan}

    def __call__(self, weights: Sequence[np.ndarray]) -> dict[str, float]:
        """Share of clips nearest to the asked voice, medians of the rest over the clips, and ``score``."""
        results = []
        for target, wanted in self.plan.items():
            self._models[target].set_weights(weights)
            clips, _ = converted_clips(self._models[target], self._vocoder, [clip for _, clip in wanted])
            results += [
                ClipResult(clip.name, source, target, *measure_clip(clip, self._centroids, self.metrics))
                for clip, (source, _) in zip(clips, wanted, strict=True)
            ]
        found = summary(results)
        figures = {name: float(found[name]) for name in COLUMNS[self.task]}
        return figures | {"score": score(self.task, figures)}


def _plan(voices: Sequence[Speaker]) -> dict[str, list[tuple[str, NamedClip]]]:
    """A dozen clips at most: from and to every voice as often as any other, a voice's clips in turn."""
    number = len(voices)
    begin = np.linspace(0, number - 1, min(number, _CLIPS)).round().astype(int)
    pairs = [(first, (first + step) % number) for step in range(1, number) for first in begin][:_CLIPS]
    plan: dict[str, list[tuple[str, NamedClip]]] = {}
    taken = dict.fromkeys(range(number), 0)
    for source, target in pairs * (_CLIPS // len(pairs)):
        clips = voices[source].clips
        plan.setdefault(voices[target].name, []).append((voices[source].name, clips[taken[source] % len(clips)]))
        taken[source] += 1
    return plan
