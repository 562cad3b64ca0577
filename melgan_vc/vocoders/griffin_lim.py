"""Log-mel spectrogram to waveform without a network: mel inversion, then fast Griffin-Lim."""

from collections.abc import Iterable, Iterator
from typing import Self

import numpy as np

from melgan_vc.audio.chunks import ChunkedPass, Reach
from melgan_vc.config.mel import MelConfig
from melgan_vc.vocoders.mel_inversion import TILE, mel_to_magnitude, require_log_mel
from melgan_vc.vocoders.phase_iterations import context_frames, griffin_lim


class GriffinLim:
    """The vocoder that needs no training.

    Parameters
    ----------
    config : MelConfig
        The log-mel settings.
    iterations : int
        Griffin-Lim iterations.
    momentum : float
        Of fast Griffin-Lim, in [0, 1].
    mel_iterations : int
        Updates of the mel inversion, see `mel_to_magnitude`.
    block_frames : int
        Frames that are inverted together, rounded up to whole tiles of 128. It sets the memory and the
        delay of a stream, never the result.
    on_accelerator : bool
        Compute on the device of Keras's backend, a GPU where there is one, instead of the processor.

    Examples
    --------
    >>> GriffinLim(MelConfig()).invert(np.full((63, 80), -1.0, np.float32)).shape
    (16128,)
    """

    name = "griffin-lim"
    latency = None

    def __init__(
        self,
        config: MelConfig,
        *,
        iterations: int = 32,
        momentum: float = 0.99,
        mel_iterations: int = 40,
        block_frames: int = 2048,
        on_accelerator: bool = False,
    ):
        if iterations < 0 or mel_iterations < 0 or block_frames < 1:
            raise ValueError(
                "Expected iterations >= 0, mel_iterations >= 0 and block_frames >= 1, received: "
                f"iterations={iterations}, mel_iterations={mel_iterations}, block_frames={block_frames}"
            )
        if not 0.0 <= momentum <= 1.0:
            raise ValueError(
                f"Expected a momentum in [0, 1], received: momentum={momentum:g}; "
                "above 1 the iterations need not converge"
            )
        self.config = config
        self.iterations = iterations
        self.momentum = momentum
        self.mel_iterations = mel_iterations
        self.block_frames = -(-block_frames // TILE) * TILE
        self._mel_to_magnitude, self._griffin_lim = mel_to_magnitude, griffin_lim
        if on_accelerator:
            from melgan_vc.vocoders.on_accelerator import griffin_lim_on_accelerator, mel_to_magnitude_on_accelerator

            self._mel_to_magnitude, self._griffin_lim = mel_to_magnitude_on_accelerator, griffin_lim_on_accelerator

    @classmethod
    def on_best_device(cls, config: MelConfig, *, iterations: int = 32) -> Self:
        """On the GPU that Keras's backend computes on where there is one, else on the processor.

        What a Fourier vocoder edits comes from here in training and conversion alike.
        """
        from melgan_vc.engine.devices import has_gpu

        return cls(config, iterations=iterations, on_accelerator=has_gpu())

    def invert(self, log_mel: np.ndarray) -> np.ndarray:
        """Waveform of a whole log-mel spectrogram.

        Parameters
        ----------
        log_mel : np.ndarray
            Shape ``(T, n_mels)``, float in [-1, 1]; -1 is silence.

        Returns
        -------
        np.ndarray
            Shape ``(T * hop_length,)``, float32, full scale is ±1 (not clipped). Sample 0 is the centre
            of frame 0, so the waveform that gave the log-mel is never longer: crop to its length.

        Raises
        ------
        ValueError
            For a wrong shape, NaN or infinity.
        """
        return np.concatenate([np.zeros(0, np.float32), *self.stream([log_mel])])

    def stream(self, log_mels: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """Waveform of a log-mel spectrogram that comes in pieces, in constant memory.

        A Griffin-Lim iteration is local, so a block of frames with enough context on both sides gives the
        very samples that the whole file would give there.

        Parameters
        ----------
        log_mels : iterable of np.ndarray
            Consecutive pieces ``(frames, n_mels)`` of one log-mel spectrogram, of any lengths.

        Yields
        ------
        np.ndarray
            Shape ``(samples,)``, float32; concatenated, the pieces equal `invert` of the whole.
        """
        context = context_frames(self.config, self.iterations)
        magnitudes = (
            self._mel_to_magnitude(block, self.config, iterations=self.mel_iterations)
            for block in _blocks(log_mels, self.block_frames, self.config)
        )
        # One frame more on either side tells where the file begins and ends: beyond it there are no numbers.
        reach = Reach(context + 1, context + 1)
        nothing = np.full(self.config.n_bins, np.nan, np.float32)
        chunks = ChunkedPass(
            self._invert_window,
            reach=reach,
            silence=nothing,
            chunk=self.block_frames,
            rows=self.config.hop_length,
            same_length=False,
        )
        return chunks.stream(magnitudes)

    def _invert_window(self, windows: np.ndarray) -> np.ndarray:
        """Samples ``(1, T * hop_length)`` of magnitudes ``(1, T, n_bins)``; zeros where those are outside or NaN."""
        (window,) = windows
        inside = np.flatnonzero(~np.isnan(window[:, 0]))
        starts_file, ends_file = inside[0] > 0, inside[-1] < len(window) - 1
        low = inside[0] if starts_file else 1
        high = inside[-1] + 1 if ends_file else len(window) - 1
        wave = self._griffin_lim(
            window[low:high],
            self.config,
            iterations=self.iterations,
            momentum=self.momentum,
            starts_file=starts_file,
            ends_file=ends_file,
        )
        hop_length = self.config.hop_length
        return np.pad(wave, (low * hop_length, (len(window) - high) * hop_length))[None]


def _blocks(log_mels: Iterable[np.ndarray], block_frames: int, config: MelConfig) -> Iterator[np.ndarray]:
    """Cut the same frames into blocks of exactly ``block_frames``; the last one is what remains, if any."""
    pending: list[np.ndarray] = []
    held = 0
    for log_mel in log_mels:
        log_mel = require_log_mel(log_mel, config)
        while held + len(log_mel) >= block_frames:
            pending.append(log_mel[: block_frames - held])
            log_mel = log_mel[block_frames - held :]
            yield np.concatenate(pending)
            pending, held = [], 0
        pending.append(log_mel)
        held += len(log_mel)
    if held:
        yield np.concatenate(pending)
