"""Held-out waveforms, made again from their log-mels while a vocoder is trained."""

from typing import Self

import keras
import numpy as np

from melgan_vc.audio.mel import log_mel
from melgan_vc.config.run import RunConfig
from melgan_vc.corpus.store import FrameStore
from melgan_vc.methods.samples import SECONDS, Sample, SampleMaker, clip_name, longest_files
from melgan_vc.vocoders.neural import NeuralVocoder


class VocoderSamples(SampleMaker):
    """What was recorded and what the vocoder makes of its log-mel; clips are waveforms ``(samples,)``."""

    def __init__(self, clips: dict[str, np.ndarray], config: RunConfig, generator: keras.Model):
        self.clips = clips
        self._mel = config.mel
        self._vocoder = NeuralVocoder(config.mel, generator, start_iterations=config.method.start)

    @classmethod
    def of_store(cls, store: FrameStore, config: RunConfig, generator: keras.Model) -> Self:
        """Of beginnings of the longest files of a store, by file name."""
        samples, clips = int(SECONDS * config.mel.rate), {}
        for index in longest_files(store.frame_counts):
            wave = np.load(store.files[index].waveform, mmap_mode="r")
            clips[clip_name(store.paths[index])] = np.array(wave[:samples], np.float32)
        return cls(clips, config, generator)

    def load(self, weights):
        self._vocoder.set_weights(weights)

    def make(self, clip):
        mel = log_mel(clip, self._mel)
        made = self._vocoder.invert(mel)[: len(clip)]
        return {
            "recorded": Sample(mel, lambda: clip),
            "made": Sample(log_mel(made, self._mel), lambda: made),
        }
