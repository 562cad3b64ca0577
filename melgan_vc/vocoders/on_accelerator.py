"""Mel inversion and Griffin-Lim's iterations in ``keras.ops``: for a GPU, where a block of frames is one batch."""

import functools

import keras
import numpy as np
from keras import ops

from melgan_vc.audio.mel import analysis_window
from melgan_vc.config.mel import MelConfig
from melgan_vc.transforms import overlap_add, spectrum
from melgan_vc.vocoders.mel_inversion import InversionMatrices, mel_power_of
from melgan_vc.vocoders.phase_iterations import Stretch

_SHAPES = 256
"""Frames are padded to multiples of this: every new shape is compiled once more."""

_NO_POWER = 1e-15


def mel_to_magnitude_on_accelerator(log_mel: np.ndarray, config: MelConfig, *, iterations: int = 40) -> np.ndarray:
    """`mel_to_magnitude` on the device of the backend, with the same arguments and result."""
    frames = len(log_mel)
    power = np.zeros((-(-max(frames, 1) // _SHAPES) * _SHAPES, config.n_mels), np.float32)
    power[:frames] = mel_power_of(log_mel, config)
    return ops.convert_to_numpy(_inversion(config, iterations)(power))[:frames]


@functools.lru_cache(maxsize=8)
def _inversion(config: MelConfig, iterations: int):
    matrices = InversionMatrices.of(config)
    on_bins = iterations // 4

    def update(forward, backward, mel_power):
        def body(_, power):
            power = ops.maximum(power, _NO_POWER)
            factor = ops.matmul(mel_power / ops.maximum(ops.matmul(power, forward.T), _NO_POWER), backward.T)
            return power * factor * ops.sqrt(factor)

        return body

    def invert(mel_power):
        power = ops.matmul(mel_power / np.maximum(matrices.bandwidth, 1e-6), matrices.bins_backward.T)
        body = update(matrices.lobes_forward, matrices.lobes_backward, mel_power)
        power = ops.fori_loop(0, iterations - on_bins, body, power)
        power = ops.matmul(power, matrices.lobe.T)
        power = ops.fori_loop(0, on_bins, update(matrices.bins_forward, matrices.bins_backward, mel_power), power)
        return ops.sqrt(ops.where(power <= 2.0 * _NO_POWER, 0.0, power))

    return _compiled(invert)


def griffin_lim_on_accelerator(
    magnitude: np.ndarray,
    config: MelConfig,
    *,
    iterations: int = 32,
    momentum: float = 0.99,
    starts_file: bool = True,
    ends_file: bool = True,
) -> np.ndarray:
    """`griffin_lim` on the device of the backend, with the same arguments and result.

    The starting phase, a walk from frame to frame, is found on the processor.
    """
    hop_length, centre, frames = config.hop_length, config.n_fft // 2, len(magnitude)
    if frames == 0:
        return np.zeros(0, np.float32)
    stretch = Stretch(magnitude, config, starts_file=starts_file, ends_file=ends_file)
    start = np.concatenate([stretch.start(tile) for tile in stretch.tiles])
    padded = -(-frames // _SHAPES) * _SHAPES
    # Frames of no magnitude sound like nothing, and where the gain is zero nothing is heard.
    more = ((0, padded - frames), (0, 0))
    arrays = [np.pad(part, more) for part in (start.real, start.imag, magnitude, stretch.gain)]
    sums = ops.convert_to_numpy(_iterations(config, iterations, momentum)(*arrays))[: stretch.gain.size]
    wave = sums * stretch.gain.reshape(-1)
    return wave[centre : centre + frames * hop_length].astype(np.float32)


@functools.lru_cache(maxsize=8)
def _iterations(config: MelConfig, iterations: int, momentum: float):
    window, pull = analysis_window(config), momentum / (1.0 + momentum)
    framing = {"hop_length": config.hop_length, "fft_length": config.fft_length}

    def summed(real, imaginary):
        frames = ops.irfft((real, imaginary), fft_length=config.fft_length)[..., : config.n_fft]
        return overlap_add((frames * window)[None], config.hop_length)[0]

    def iterate(real, imaginary, magnitude, gain):
        gain = ops.reshape(gain, (-1,))

        def body(_, state):
            previous, sums = state
            wave = (sums - pull * previous) * gain
            wave = wave[: (magnitude.shape[0] - 1) * config.hop_length + config.n_fft]
            real, imaginary = (part[0] for part in spectrum(wave[None], window=window, **framing))
            factor = magnitude / (ops.sqrt(ops.square(real) + ops.square(imaginary)) + 1e-20)
            return sums, summed(real * factor, imaginary * factor)

        first = summed(real, imaginary)
        return ops.fori_loop(0, iterations, body, (ops.zeros_like(first), first))[1]

    return _compiled(iterate)


def _compiled(function):
    """One graph, or one XLA program, for each shape."""
    if keras.backend.backend() == "jax":
        import jax

        return jax.jit(function)
    import tensorflow as tf

    return tf.function(function, reduce_retracing=False)
