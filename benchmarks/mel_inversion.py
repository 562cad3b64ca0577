"""Log-mel to waveform: this project against the gradient inversion of the published code, in one run.

``python benchmarks/mel_inversion.py [PATH] [--preset voice|music|paper]``; PATH is an audio file or a
folder of them, the demo clips of the repository if left out.
"""

import argparse
from pathlib import Path
from statistics import median

import numpy as np
import tensorflow as tf
from griffin_lim import PRESETS, load, magnitude, seconds_of, spectral_convergence

from melgan_vc.audio.mel import analysis_window, denormalise, log_mel, mel_filterbank
from melgan_vc.config.mel import MelConfig
from melgan_vc.vocoders.griffin_lim import GriffinLim
from melgan_vc.vocoders.mel_inversion import mel_to_magnitude


class GradientInversion:
    """The published inversion: the waveform itself is trained until its mel power is the given one.

    Adam (rate 0.003, times 0.9999 each step) on the mean absolute error of *linear* mel power, from noise
    of deviation 1e-6. Power is brought to the published scale (full-scale sine: ``fft_length / 4``), where
    Adam's epsilon is as small as it was there. All steps run inside one graph, Adam is three lines without
    slots: nothing here is slower than it has to be.
    """

    def __init__(self, config: MelConfig, frames: int):
        overlap = -(-config.n_fft // config.hop_length)
        self.samples = (frames - 1) * config.hop_length
        before = config.n_fft // 2
        after = (frames + overlap - 1) * config.hop_length - before - self.samples
        scale = config.fft_length / 4.0
        window = np.zeros(overlap * config.hop_length, np.float32)
        window[: config.n_fft] = analysis_window(config) * np.sqrt(scale)
        filters = tf.constant(mel_filterbank(config).T)
        self.config, self.scale = config, scale

        def mel_power(wave: tf.Tensor) -> tf.Tensor:
            rows = tf.reshape(tf.pad(wave, [[before, after]]), (-1, config.hop_length))
            windows = tf.concat([rows[row : row + frames] for row in range(overlap)], axis=1) * window
            spectrum = tf.signal.rfft(windows, [config.fft_length])
            return (tf.math.real(spectrum) ** 2 + tf.math.imag(spectrum) ** 2) @ filters

        @tf.function
        def fit(wave: tf.Tensor, target: tf.Tensor, steps: tf.Tensor) -> tf.Tensor:
            mean, square = tf.zeros_like(wave), tf.zeros_like(wave)
            for step in tf.range(steps):
                with tf.GradientTape() as tape:
                    tape.watch(wave)
                    loss = tf.reduce_mean(tf.abs(mel_power(wave) - target))
                gradient = tape.gradient(loss, wave)
                count = tf.cast(step, tf.float32)
                mean = 0.9 * mean + 0.1 * gradient
                square = 0.999 * square + 0.001 * gradient**2
                unbiased = tf.sqrt(square / (1.0 - 0.999 ** (count + 1.0))) + 1e-8
                wave -= 0.003 * 0.9999**count * mean / (1.0 - 0.9 ** (count + 1.0)) / unbiased
            return wave

        self._fit = fit

    def invert(self, log_mels: np.ndarray, *, steps: int = 2000) -> np.ndarray:
        """Waveform ``((T - 1) * hop_length,)`` of a log-mel ``(T, n_mels)``."""
        start = np.random.default_rng(0).normal(0.0, 1e-6, self.samples).astype(np.float32)
        target = denormalise(log_mels, self.config) * np.float32(self.scale)
        return self._fit(tf.constant(start), tf.constant(target), tf.constant(steps)).numpy()


def measure(
    path: Path | None = None,
    *,
    preset: str = "voice",
    seconds: float = 2.5,
    skip: float = 1.0,
    steps: int = 2000,
    repeats: int = 5,
) -> dict:
    """Time and spectral convergence of the linear spectrogram of both waveforms, from the same mel.

    Both return a waveform: ours by mel inversion and 32 Griffin-Lim iterations, and all of it counts.
    """
    config = PRESETS[preset]
    hop_length = config.hop_length
    samples = int(seconds * config.rate) // hop_length * hop_length
    wave = load(path, preset=preset, seconds=seconds, skip=skip)[:samples]
    true, mel = magnitude(wave, config), log_mel(wave, config)
    vocoder, gradient = GriffinLim(config), GradientInversion(config, len(mel))
    gradient.invert(mel, steps=5)  # traces the graph
    results = {}

    def theirs() -> np.ndarray:
        results["theirs"] = gradient.invert(mel, steps=steps)
        return results["theirs"]

    ours = vocoder.invert(mel)[:samples]
    ours_s = [seconds_of(lambda: vocoder.invert(mel)) for _ in range(repeats)]
    theirs_s = seconds_of(theirs)  # once: it is long, and so is its own average
    ours_s += [seconds_of(lambda: vocoder.invert(mel)) for _ in range(repeats)]
    inversion_s = [seconds_of(lambda: mel_to_magnitude(mel, config)) for _ in range(repeats)]
    return {
        "preset": preset,
        "audio_s": samples / config.rate,
        "gradient_steps": steps,
        "mel_to_wave_s": median(ours_s),
        "mel_inversion_alone_s": median(inversion_s),
        "gradient_s": theirs_s,
        "times_faster": theirs_s / median(ours_s),
        "mel_to_wave_convergence_db": spectral_convergence(true, magnitude(ours, config)),
        "gradient_convergence_db": spectral_convergence(true, magnitude(results["theirs"], config)),
        "mel_inversion_alone_convergence_db": spectral_convergence(true, mel_to_magnitude(mel, config)),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path)
    parser.add_argument("--preset", choices=PRESETS, default="voice")
    parser.add_argument("--skip", type=float, default=1.0, help="seconds to leave out at the start")
    arguments = parser.parse_args()
    for name, value in measure(arguments.path, preset=arguments.preset, skip=arguments.skip).items():
        print(f"{name:36}{value:12.4f}" if isinstance(value, float) else f"{name:36}{value:>12}")
