"""A trained vocoder as a stream: exact context, constant memory."""

from collections.abc import Iterable, Iterator

import keras
import numpy as np

from melgan_vc.audio.mel import SILENCE
from melgan_vc.config import RunConfig
from melgan_vc.nets.forward import compiled, compiles_each_length
from melgan_vc.vocoders.mel_inversion import require_log_mel
from melgan_vc.vocoders.on_any_device import griffin_lim_on_any_device

INPUT_FRAMES = 512
"""Frames that go through the network together, more where its reach is longer."""


class NeuralVocoder:
    """A vocoder that a run of the method ``vocoder`` has learned.

    Parameters
    ----------
    config : RunConfig
        Of a run of the method ``vocoder``.
    generator : keras.Model
        Its generator.
    name : str
        What to call it.

    Attributes
    ----------
    config : MelConfig
        The log-mel settings that it understands.
    reach : tuple of int
        Frames before and after a frame that its samples depend on.
    block_frames : int
        Frames whose sound is made together.
    """

    def __init__(self, config: RunConfig, generator: keras.Model, *, name: str = "vocoder"):
        self.run_config, self.config, self.name = config, config.mel, name
        self.generator = generator
        self._start = None
        if config.method.has_start:
            self._start = griffin_lim_on_any_device(config.mel, iterations=config.method.start_iterations)
        self._forward = compiled(generator, graph=True)
        self.reach, frames = self._measure_reach()
        self.block_frames = frames - sum(self.reach)

    @property
    def latency(self) -> float | None:
        """See `Vocoder`: half an analysis window of the last frame that a sample depends on, and the way to it.

        None with a start: Griffin-Lim waits for whole tiles of frames.
        """
        if self._start is not None:
            return None
        return (self.reach[1] * self.config.hop_length + self.config.n_fft // 2) / self.config.rate

    def set_weights(self, weights) -> None:
        """Give the generator other weights, in its own order."""
        self.generator.set_weights(weights)

    def invert(self, log_mel: np.ndarray) -> np.ndarray:
        """Waveform of a whole log-mel ``(T, n_mels)``; see `Vocoder.invert`."""
        return np.concatenate([np.zeros(0, np.float32), *self.stream([log_mel])])

    def stream(self, log_mels: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """Waveform of a log-mel that comes in pieces ``(frames, n_mels)``, in constant memory; see `Vocoder.stream`.

        Each block goes through the network with as many frames on both sides as its samples can depend on. Beyond
        the ends of the file the frames are silent.
        """
        (before, after), block = self.reach, self.block_frames
        mel, hop = self.config, self.config.hop_length
        held = np.full((before, mel.n_mels), SILENCE, np.float32)
        sound = np.zeros(before * hop + mel.n_fft // 2, np.float32)  # from the first window of `held` on
        for piece, start, is_last in self._with_start(log_mels):
            held, sound = np.concatenate([held, piece]), np.concatenate([sound, start])
            if is_last:
                left = len(held) - before
                held = np.concatenate([held, np.full((block + after, mel.n_mels), SILENCE, np.float32)])
                sound = np.concatenate([sound, np.zeros((block + after) * hop + mel.n_fft, np.float32)])
            else:
                ready = min(len(held) - before - after, (len(sound) - mel.n_fft) // hop + 1 - before - after)
                left = ready // block * block
            for done in range(0, left, block):
                wanted = min(block, left - done)
                frames = before + (block if compiles_each_length() else wanted) + after
                wave = self._sound(held[:frames], sound[: (frames - 1) * hop + mel.n_fft])
                yield wave[before * hop : (before + wanted) * hop]
                held, sound = held[block:], sound[block * hop :]

    def _with_start(self, log_mels: Iterable[np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray, bool]]:
        """Pieces of the log-mel, pieces of the start that come no earlier, and at the end nothing and True."""
        nothing = np.zeros((0, self.config.n_mels), np.float32)
        if self._start is None:
            for piece in log_mels:
                piece = require_log_mel(piece, self.config)
                yield piece, np.zeros(len(piece) * self.config.hop_length, np.float32), False
        else:
            given: list[np.ndarray] = []

            def noting():
                for piece in log_mels:
                    given.append(require_log_mel(piece, self.config))
                    yield given[-1]

            for start in self._start.stream(noting()):
                yield np.concatenate([nothing, *given]), start, False
                given.clear()
        yield nothing, np.zeros(0, np.float32), True

    def _sound(self, log_mel: np.ndarray, start: np.ndarray) -> np.ndarray:
        inputs = log_mel[None] if self._start is None else [log_mel[None], start[None]]
        return keras.ops.convert_to_numpy(self._forward(inputs))[0]

    def _measure_reach(self) -> tuple[tuple[int, int], int]:
        """Frames before and after that samples of a frame depend on, and frames that the network is given.

        One frame is NaN, and is looked for in the samples.
        """
        mel, length = self.config, INPUT_FRAMES
        while True:
            frames = np.zeros((length, mel.n_mels), np.float32)
            frames[length // 2] = np.nan
            start = np.zeros((length - 1) * mel.hop_length + mel.n_fft, np.float32)
            heard = np.flatnonzero(np.isnan(self._sound(frames, start)))
            first, last = int(heard[0]) // mel.hop_length, int(heard[-1]) // mel.hop_length
            if last - first <= length // 2 and first > 0 and last < length - 1:
                return (last - length // 2, length // 2 - first), length
            length *= 2
