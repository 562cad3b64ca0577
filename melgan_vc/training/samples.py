"""Held-out clips, converted again and again while training."""

import numpy as np

from melgan_vc.audio.voice import Voices
from melgan_vc.config import RunConfig
from melgan_vc.corpus.prepare import Domain
from melgan_vc.methods import METHODS
from melgan_vc.methods.architectures import STRIDES
from melgan_vc.training.sample_writer import Sample, SampleWriter
from melgan_vc.vocoders.griffin_lim import GriffinLim

_SECONDS = 8.0
_CLIPS = 3


def choose_clips(domain: Domain, config: RunConfig) -> dict[str, np.ndarray]:
    """Up to three log-mels of held-out files, by file name; of training files where none is held out."""
    store = domain.held_out if len(domain.held_out) else domain.train
    step = STRIDES[config.method.generator.architecture]
    longest = int(_SECONDS * config.mel.frames_per_second) // step * step
    clips = {}
    by_length = np.argsort([-min(count, longest) for count in store.frame_counts], kind="stable")
    for index in sorted(by_length[:_CLIPS]):
        frames = max(step, min(int(store.frame_counts[index]), longest) // step * step)
        clips[store.paths[index].stem] = store.crop(int(index), 0, frames)
    return clips


class Samples(SampleWriter):
    """What a clip was and what it is converted to; clips are log-mels ``(T, n_mels)`` of the source."""

    def __init__(self, progress, clips, config, folder, board):
        super().__init__(progress, clips, config, folder, board)
        self._vocoder = GriffinLim(config.mel)
        self._translator = METHODS[config.method.name].build_translator(config)

    def load(self, weights):
        self._translator.set_weights(weights)

    def make(self, clip):
        given = self._moved_to_target(clip)
        converted = np.asarray(self._translator(given[None], training=False))[0]
        return {
            "source": Sample(clip, lambda: self._vocoder.invert(clip)),
            "converted": Sample(converted, lambda: self._vocoder.invert(converted)),
        }

    def _moved_to_target(self, mel: np.ndarray) -> np.ndarray:
        """A clip with its voice where the translator wants it."""
        method = METHODS[self.config.method.name]
        ways = method.domains_of(self.config)[0], method.directions_of(self.config)[0]
        own, wanted = (method.voice_of(self.config, self._translator, domain) for domain in ways)
        return mel if wanted is None else Voices(self.config.mel).move(mel, own, wanted).astype(np.float32)
