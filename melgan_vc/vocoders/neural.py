"""A trained vocoder as a stream: exact context, constant memory."""

from collections.abc import Iterable, Iterator

import keras
import numpy as np

from melgan_vc.audio.chunks import ChunkedPass, Pass, Reach
from melgan_vc.audio.mel import SILENCE
from melgan_vc.config.mel import MelConfig
from melgan_vc.engine.forward import compiled, compiles_each_length
from melgan_vc.nets.reach import measure_reach
from melgan_vc.vocoders.griffin_lim import GriffinLim
from melgan_vc.vocoders.mel_inversion import require_log_mel

INPUT_FRAMES = 512
"""Frames that go through the network together, more where its reach is longer."""


class NeuralVocoder:
    """A network that makes sound of log-mels, alone or by editing what Griffin-Lim makes of them.

    Parameters
    ----------
    mel : MelConfig
        The log-mel settings that it understands.
    generator : keras.Model
        Maps log-mels ``(B, T, n_mels)`` to waveforms ``(B, T * hop_length)``; with a start, log-mels and waveforms
        ``(B, (T - 1) * hop_length + n_fft)`` whose first window is that of the first frame.
    start_iterations : int or None
        Of Griffin-Lim, for the start; None has none.
    name : str
        What to call it.

    Attributes
    ----------
    config : MelConfig
        The log-mel settings.
    reach : Reach
        Frames before and after a frame that its samples depend on.
    block_frames : int
        Frames whose sound is made together.
    """

    def __init__(
        self, mel: MelConfig, generator: keras.Model, *, start_iterations: int | None = None, name: str = "vocoder"
    ):
        self.config, self.name = mel, name
        self.generator = generator
        self._start = None
        if start_iterations is not None:
            self._start = GriffinLim.on_best_device(mel, iterations=start_iterations)
        self._forward = compiled(generator, graph=True)
        self.reach = measure_reach(self._without_start, columns=mel.n_mels, rows=mel.hop_length, name=generator.name)
        frames, seen = INPUT_FRAMES, self.reach.before + self.reach.after
        while seen > frames // 2:
            frames *= 2
        self.block_frames = frames - seen

    @property
    def latency(self) -> float | None:
        """See `Vocoder`: half an analysis window of the last frame that a sample depends on, and the way to it.

        None with a start: Griffin-Lim waits for whole tiles of frames.
        """
        if self._start is not None:
            return None
        return (self.reach.after * self.config.hop_length + self.config.n_fft // 2) / self.config.rate

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
        log_mels = (require_log_mel(piece, self.config) for piece in log_mels)
        if self._start is None:
            yield from self._chunked(self._without_start, self.reach).stream(log_mels)
        else:
            # The windows of the outermost frames reach half a window further.
            before, after, _ = self.reach
            wider = Reach(before + self._around, after + self._around)
            yield from self._chunked(self._with_start, wider, self.config.hop_length).stream(
                self._beside_start(log_mels)
            )

    @property
    def _around(self) -> int:
        """Frames that half a window of the analysis covers."""
        return -(-self.config.n_fft // (2 * self.config.hop_length))

    def _chunked(self, run: Pass, reach: Reach, samples: int = 0) -> ChunkedPass:
        """A pass over blocks of frames, each a log-mel and so many samples."""
        silence = np.zeros(self.config.n_mels + samples, np.float32)
        silence[: self.config.n_mels] = SILENCE
        return ChunkedPass(
            run,
            reach=reach,
            silence=silence,
            chunk=self.block_frames,
            rows=self.config.hop_length,
            same_length=compiles_each_length(),
        )

    def _beside_start(self, log_mels: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """Frames ``(T, n_mels + hop_length)``: the log-mel, and the start's samples from its frame to the next."""
        waiting = np.zeros((0, self.config.n_mels), np.float32)

        def noting():
            nonlocal waiting
            for piece in log_mels:
                waiting = np.concatenate([waiting, piece])
                yield piece

        for start in self._start.stream(noting()):
            rows = start.reshape(-1, self.config.hop_length)
            yield np.concatenate([waiting[: len(rows)], rows], axis=1)
            waiting = waiting[len(rows) :]

    def _with_start(self, frames: np.ndarray) -> np.ndarray:
        """Sound ``(1, T * hop_length)`` of frames of `_beside_start`; nothing of those that are only there for it."""
        n_mels, around = self.config.n_mels, self._around
        edge = around * self.config.hop_length
        log_mel = frames[:, around:-around, :n_mels]
        first = edge - self.config.n_fft // 2
        start = frames[:, :, n_mels:].reshape(1, -1)[:, first : first + self._start_samples(log_mel.shape[1])]
        sound = keras.ops.convert_to_numpy(self._forward([log_mel, start]))
        return np.pad(sound, ((0, 0), (edge, edge)))

    def _without_start(self, log_mel: np.ndarray) -> np.ndarray:
        """Sound ``(1, T * hop_length)`` of log-mels ``(1, T, n_mels)``; where there should be a start, of silence."""
        if self._start is None:
            return keras.ops.convert_to_numpy(self._forward(log_mel))
        start = np.zeros((1, self._start_samples(log_mel.shape[1])), np.float32)
        return keras.ops.convert_to_numpy(self._forward([log_mel, start]))

    def _start_samples(self, frames: int) -> int:
        """Samples of the windows of so many frames."""
        return (frames - 1) * self.config.hop_length + self.config.n_fft
