"""A trained vocoder as a stream: exact context, constant memory."""

from collections.abc import Iterable, Iterator

import keras
import numpy as np

from melgan_vc.audio.mel import SILENCE
from melgan_vc.config import RunConfig
from melgan_vc.nets.forward import compiled
from melgan_vc.vocoders.mel_inversion import require_log_mel
from melgan_vc.vocoders.start import starting_vocoder

BLOCK_FRAMES = 512
"""Frames whose sound is made together."""


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
    """

    def __init__(self, config: RunConfig, generator: keras.Model, *, name: str = "vocoder"):
        self.run_config, self.config, self.name = config, config.mel, name
        self.generator = generator
        self._start = None
        if config.method.has_start:
            self._start = starting_vocoder(config.mel, config.method.start_iterations)
        self._forward = compiled(generator, graph=True)
        self.reach = self._measure_reach()

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
        self._forward = compiled(self.generator, graph=True)

    def invert(self, log_mel: np.ndarray) -> np.ndarray:
        """Waveform of a whole log-mel ``(T, n_mels)``; see `Vocoder.invert`."""
        return np.concatenate([np.zeros(0, np.float32), *self.stream([log_mel])])

    def stream(self, log_mels: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """Waveform of a log-mel that comes in pieces ``(frames, n_mels)``, in constant memory; see `Vocoder.stream`.

        Each block goes through the network with as many frames on both sides as its samples can depend on. Beyond
        the ends of the file the frames are silent.
        """
        before, after = self.reach
        mel, hop = self.config, self.config.hop_length
        held = np.full((before, mel.n_mels), SILENCE, np.float32)
        sound = np.zeros(before * hop + mel.n_fft // 2, np.float32)  # from the first window of `held` on
        for piece, start, is_last in self._with_start(log_mels):
            held, sound = np.concatenate([held, piece]), np.concatenate([sound, start])
            if is_last:
                left = len(held) - before
                held = np.concatenate([held, np.full((BLOCK_FRAMES + after, mel.n_mels), SILENCE, np.float32)])
                sound = np.concatenate([sound, np.zeros((BLOCK_FRAMES + after) * hop + mel.n_fft, np.float32)])
            else:
                ready = min(len(held) - before - after, (len(sound) - mel.n_fft) // hop + 1 - before - after)
                left = ready // BLOCK_FRAMES * BLOCK_FRAMES
            for _ in range(0, left, BLOCK_FRAMES):
                frames = before + BLOCK_FRAMES + after
                wave = self._sound(held[:frames], sound[: (frames - 1) * hop + mel.n_fft])
                yield wave[before * hop : (before + min(BLOCK_FRAMES, left)) * hop]
                held, sound = held[BLOCK_FRAMES:], sound[BLOCK_FRAMES * hop :]
                left -= BLOCK_FRAMES

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

    def _measure_reach(self) -> tuple[int, int]:
        """Frames before and after that samples of a frame depend on: one frame of NaN, and where it is heard."""
        mel, length = self.config, 64
        while True:
            frames = np.zeros((length, mel.n_mels), np.float32)
            frames[length // 2] = np.nan
            start = np.zeros((length - 1) * mel.hop_length + mel.n_fft, np.float32)
            heard = np.flatnonzero(np.isnan(self._sound(frames, start)))
            if heard[0] > 0 and heard[-1] < length * mel.hop_length - 1:
                break
            length *= 2
        first, last = int(heard[0]) // mel.hop_length, int(heard[-1]) // mel.hop_length
        return last - length // 2, length // 2 - first
