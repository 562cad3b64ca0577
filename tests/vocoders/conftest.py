"""Signals that the vocoder tests listen to."""

import numpy as np
import pytest

from melgan_vc.audio.mel import analysis_window
from melgan_vc.config.mel import MelConfig

VOICE = MelConfig()
MUSIC = MelConfig(rate=22050, n_fft=2048, hop_length=512, n_mels=128, fmax=11025.0)
PAPER = MelConfig(n_fft=1152, zero_padding=2, hop_length=192, n_mels=192, mel_scale="htk", floor_db=-100.0)


@pytest.fixture(params=[VOICE, MUSIC, PAPER], ids=["voice", "music", "paper"])
def config(request) -> MelConfig:
    return request.param


@pytest.fixture
def speech():
    """Make a buzz of gliding pitch and slow syllables with a little noise: harmonic, noisy and silent by turns."""

    def make(config: MelConfig, seconds: float) -> np.ndarray:
        random = np.random.default_rng(0)
        time = np.arange(int(seconds * config.rate)) / config.rate
        phase = 2.0 * np.pi * np.cumsum(120.0 + 30.0 * np.sin(2.0 * np.pi * 0.7 * time)) / config.rate
        buzz = sum(np.cos(k * phase) / k for k in range(1, 30))
        syllables = np.maximum(np.sin(2.0 * np.pi * 1.5 * time), 0.0)
        wave = syllables * (0.1 * buzz + 0.01 * random.standard_normal(len(time)))
        return wave.astype(np.float32)

    return make


@pytest.fixture
def magnitude():
    """Linear magnitude of a waveform, at the frames and in the scale of the log-mel spectrogram."""

    def measure(wave: np.ndarray, config: MelConfig) -> np.ndarray:
        half = config.n_fft // 2
        padded = np.pad(wave, (half, half)).astype(np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(padded, config.n_fft)[:: config.hop_length]
        return np.abs(np.fft.rfft(windows * analysis_window(config), n=config.fft_length, axis=1)).astype(np.float32)

    return measure


@pytest.fixture
def convergence_db():
    """20 log10 of the relative error of a magnitude; lower is better."""

    def measure(true: np.ndarray, found: np.ndarray) -> float:
        return 20.0 * np.log10(np.linalg.norm(true - found) / np.linalg.norm(true))

    return measure
