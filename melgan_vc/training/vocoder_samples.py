"""Held-out waveforms, made again from their log-mels while a vocoder is trained."""

import numpy as np

from melgan_vc.audio.mel import log_mel
from melgan_vc.config import RunConfig
from melgan_vc.corpus.prepare import Domain
from melgan_vc.methods import METHODS
from melgan_vc.training.sample_writer import Sample, SampleWriter
from melgan_vc.vocoders.neural import NeuralVocoder

_SECONDS = 8.0
_CLIPS = 3


def choose_waves(domain: Domain, config: RunConfig) -> dict[str, np.ndarray]:
    """Beginnings of up to three held-out files, by file name; of training files where none is held out."""
    store = domain.held_out if len(domain.held_out) else domain.train
    longest = np.argsort(-store.frame_counts, kind="stable")[:_CLIPS]
    waves = {}
    for index in sorted(longest):
        wave = np.load(store.files[index].waveform, mmap_mode="r")
        waves[store.paths[index].stem] = np.array(wave[: int(_SECONDS * config.mel.rate)], np.float32)
    return waves


class VocoderSamples(SampleWriter):
    """What was recorded and what the vocoder makes of its log-mel; clips are waveforms ``(samples,)``."""

    def __init__(self, progress, clips, config, folder, board):
        super().__init__(progress, clips, config, folder, board)
        self._vocoder = NeuralVocoder(config, METHODS[config.method.name].build_translator(config))

    def load(self, weights):
        self._vocoder.set_weights(weights)

    def make(self, clip):
        mel = log_mel(clip, self.config.mel)
        made = self._vocoder.invert(mel)[: len(clip)]
        return {
            "recorded": Sample(mel, lambda: clip),
            "made": Sample(log_mel(made, self.config.mel), lambda: made),
        }
