"""Fast Griffin-Lim on a linear magnitude spectrogram, tile by tile on all cores."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import scipy.fft

from melgan_vc.audio.mel import analysis_window
from melgan_vc.config.mel import MelConfig
from melgan_vc.vocoders.mel_inversion import TILE
from melgan_vc.vocoders.starting_phase import peak_phase_spectrum

_SMALLEST = np.float32(1e-20)


class Stretch:
    """Consecutive frames of a file and the two projections between their spectrogram and waveform.

    A waveform is held as rows of ``hop_length`` samples; row 0 begins with the first sample of the first
    window. Tiles start at multiples of `TILE` frames of the *file*, so every transform and every sum is
    the same wherever the file was cut: not one bit of the result depends on the cut.
    """

    def __init__(self, magnitude: np.ndarray, config: MelConfig, *, starts_file: bool, ends_file: bool):
        self.magnitude = magnitude
        self.config = config
        self.window = analysis_window(config)
        self.overlap = -(-config.n_fft // config.hop_length)  # windows over one sample
        self.tiles = [slice(a, min(a + TILE, len(magnitude))) for a in range(0, len(magnitude), TILE)]
        self.gain = self._gain(starts_file, ends_file)

    def _gain(self, starts_file: bool, ends_file: bool) -> np.ndarray:
        """1 / sum of the squared windows over each sample, and 0 where the file has no sample."""
        frames, hop_length = len(self.magnitude), self.config.hop_length
        squared = np.zeros(self.overlap * hop_length)
        squared[: self.config.n_fft] = self.window.astype(np.float64) ** 2
        squared = squared.reshape(self.overlap, hop_length)
        total = np.zeros((frames + self.overlap - 1, hop_length))
        for row, part in enumerate(squared):
            total[row : row + frames] += part
        # Where the windows run out, at the end of the file, fade instead of dividing by almost nothing.
        gain = (1.0 / np.maximum(total, 0.1 * squared.sum(axis=0).max())).astype(np.float32)
        samples, centre = gain.reshape(-1), self.config.n_fft // 2
        if starts_file:
            samples[:centre] = 0.0
        if ends_file:
            samples[centre + frames * hop_length :] = 0.0
        return gain

    def start(self, tile: slice) -> np.ndarray:
        """The first spectrum of a tile: its magnitudes, with the phases of sinusoids that run on."""
        return peak_phase_spectrum(self.magnitude[tile], self.config)

    def _project(self, sums: np.ndarray, previous: np.ndarray | None, pull: float, tile: slice) -> np.ndarray:
        """Spectrum of ``sums - pull * previous``, with the given magnitude in place of its own."""
        rows = slice(tile.start, tile.stop + self.overlap - 1)
        if previous is None:
            wave = sums[rows] * self.gain[rows]
        else:
            wave = previous[rows] * -pull
            wave += sums[rows]
            wave *= self.gain[rows]
        shape = (tile.stop - tile.start, self.config.n_fft)
        strides = (wave.strides[0], wave.itemsize)
        windows = np.lib.stride_tricks.as_strided(wave, shape, strides, writeable=False) * self.window
        spectrum = scipy.fft.rfft(windows, n=self.config.fft_length, axis=1, overwrite_x=True)
        factor = np.abs(spectrum)
        factor += _SMALLEST
        np.divide(self.magnitude[tile], factor, out=factor)
        spectrum *= factor
        return spectrum

    def _overlap_add(self, spectrum: np.ndarray, body: np.ndarray) -> np.ndarray:
        """Sum the windowed frames of one tile into its own rows, and return the rows beyond them."""
        frames, hop_length, n_fft = len(spectrum), self.config.hop_length, self.config.n_fft
        waves = scipy.fft.irfft(spectrum, n=self.config.fft_length, axis=1, overwrite_x=True)[:, :n_fft]
        waves *= self.window
        tail = np.zeros((self.overlap - 1, hop_length), np.float32)
        body[:] = waves[:, :hop_length]
        for row in range(1, self.overlap):
            part = waves[:, row * hop_length : (row + 1) * hop_length]
            inside = max(frames - row, 0)
            body[row:, : part.shape[1]] += part[:inside]
            tail[row + inside - frames : row, : part.shape[1]] += part[inside:]
        return tail

    def sums(
        self,
        pool: ThreadPoolExecutor,
        sums: np.ndarray | None = None,
        previous: np.ndarray | None = None,
        pull: float = 0.0,
    ) -> np.ndarray:
        """One iteration: from the last two sums of windowed frames to the next, or to the very first."""
        result = np.zeros_like(self.gain)

        def work(tile: slice) -> np.ndarray:
            spectrum = self.start(tile) if sums is None else self._project(sums, previous, pull, tile)
            return self._overlap_add(spectrum, result[tile])

        # The last windows of a tile reach into the next one: added when all are done, in order.
        tails = list(pool.map(work, self.tiles))
        for tile, tail in zip(self.tiles, tails, strict=True):
            result[tile.stop : tile.stop + len(tail)] += tail
        return result


def context_frames(config: MelConfig, iterations: int) -> int:
    """Frames on either side that can influence a sample after so many iterations, in whole tiles.

    Two windows share a sample if they are less than ``n_fft`` apart, so an iteration reaches
    ``ceil(n_fft / hop_length) - 1`` frames further; at the end a sample hears windows half a window away.
    """
    reach = -(-config.n_fft // config.hop_length) - 1
    frames = iterations * reach + -(-config.n_fft // (2 * config.hop_length))
    return -(-frames // TILE) * TILE


def griffin_lim(
    magnitude: np.ndarray,
    config: MelConfig,
    *,
    iterations: int = 32,
    momentum: float = 0.99,
    starts_file: bool = True,
    ends_file: bool = True,
) -> np.ndarray:
    r"""Waveform whose spectrogram comes close to a magnitude, by fast Griffin-Lim.

    With :math:`P` the replacement of the magnitude by the given one followed by the inverse transform,
    an iteration is [1]_

    .. math:: x_{i+1} = P\left(x_i - \tfrac{\beta}{1 + \beta}\, x_{i-1}\right)

    Departures from the source: the momentum acts on waveforms instead of spectrograms, which is the same
    because the transform is linear, and needs a quarter of the memory or less; the start is
    `peak_phase_spectrum` for each tile of frames instead of random phases.

    Parameters
    ----------
    magnitude : np.ndarray
        Shape ``(T, n_bins)``, float32, ≥ 0, in the scale of `analysis_window`.
    config : MelConfig
        The spectrogram's settings.
    iterations : int
        Number of iterations.
    momentum : float
        :math:`\beta` in [0, 1]; 0 is the algorithm of Griffin and Lim.
    starts_file, ends_file : bool
        Whether the waveform is known to be silent before the first frame's centre, and from a hop after
        the last one's.

    Returns
    -------
    np.ndarray
        Shape ``(T * hop_length,)``, float32; sample 0 is the centre of frame 0.

    References
    ----------
    .. [1] Perraudin, Balazs and Søndergaard, "A fast Griffin-Lim algorithm", WASPAA 2013.
    """
    hop_length, centre = config.hop_length, config.n_fft // 2
    if len(magnitude) == 0:
        return np.zeros(0, np.float32)
    stretch = Stretch(magnitude, config, starts_file=starts_file, ends_file=ends_file)
    pull = momentum / (1.0 + momentum)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        previous, sums = None, stretch.sums(pool)
        for _ in range(iterations):
            previous, sums = sums, stretch.sums(pool, sums, previous, pull)
    wave = (sums * stretch.gain).reshape(-1)
    return wave[centre : centre + len(magnitude) * hop_length].copy()
