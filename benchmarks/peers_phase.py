"""Audio to log-mel and back in PyTorch and in librosa, as their users do it.

PyTorch's is what torchaudio does, in few lines: `InverseMelScale` (least squares, then no negative values) and
`griffinlim` (fast Griffin-Lim from random phases). librosa's is `griffinlim` after the same least squares: its own
inversion, `feature.inverse.mel_to_stft`, did not end within 90 s on 10 s of speech.
"""

import librosa
import numpy as np
import torch

from melgan_vc.audio.mel import analysis_window, mel_filterbank, normalise
from melgan_vc.config.mel import MelConfig
from melgan_vc.vocoders.mel_inversion import mel_power_of

MOMENTUM = 0.99


class TorchPhase:
    """Spectrograms of a config in PyTorch; arrays in and out have this project's layout.

    Parameters
    ----------
    config : MelConfig
        Without zero padding.
    iterations : int
        Of Griffin-Lim.
    """

    def __init__(self, config: MelConfig, *, iterations: int):
        self.config, self.iterations = config, iterations
        self.filters = torch.from_numpy(mel_filterbank(config).copy())
        self.framing = {
            "n_fft": config.n_fft,
            "hop_length": config.hop_length,
            "window": torch.from_numpy(analysis_window(config).copy()),
        }

    def log_mel(self, wave: np.ndarray) -> np.ndarray:
        """Waveform ``(samples,)`` to ``(T, n_mels)`` in [-1, 1]."""
        spectrum = torch.stft(torch.from_numpy(wave), **self.framing, pad_mode="constant", return_complex=True)
        power = self.filters @ (spectrum.real**2 + spectrum.imag**2)
        return normalise(power.numpy(), self.config).T

    def griffin_lim(self, magnitude: np.ndarray) -> np.ndarray:
        """Magnitude ``(T, n_bins)`` to a waveform ``((T - 1) * hop_length,)``."""
        wanted = torch.from_numpy(magnitude).T
        angles = torch.rand(wanted.shape, dtype=torch.complex64)
        pull, before = MOMENTUM / (1.0 + MOMENTUM), torch.zeros(())
        for _ in range(self.iterations):
            wave = torch.istft(wanted * angles, **self.framing)
            found = torch.stft(wave, **self.framing, return_complex=True)
            angles = found - pull * before
            angles = angles / (angles.abs() + 1e-16)
            before = found
        return torch.istft(wanted * angles, **self.framing).numpy()

    def invert(self, log_mel: np.ndarray) -> np.ndarray:
        """Log-mel ``(T, n_mels)`` to a waveform."""
        power = torch.from_numpy(mel_power_of(log_mel, self.config).T.copy())
        spectrum = torch.relu(torch.linalg.lstsq(self.filters, power, driver="gels").solution)
        return self.griffin_lim(spectrum.sqrt().T.numpy())


class LibrosaPhase:
    """The same in librosa, whose window has another scale."""

    def __init__(self, config: MelConfig, *, iterations: int):
        self.config, self.iterations = config, iterations
        self.scale = np.float32(np.hanning(config.n_fft + 1)[1] / analysis_window(config)[1])
        self.framing = {"n_fft": config.n_fft, "hop_length": config.hop_length}
        self.mels = {"fmin": config.fmin, "fmax": config.fmax, "htk": config.mel_scale == "htk", "norm": None}

    def log_mel(self, wave: np.ndarray) -> np.ndarray:
        """Waveform ``(samples,)`` to ``(T, n_mels)`` in [-1, 1]."""
        power = librosa.feature.melspectrogram(
            y=wave, sr=self.config.rate, n_mels=self.config.n_mels, **self.framing, **self.mels
        )
        return normalise(power / self.scale**2, self.config).T

    def griffin_lim(self, magnitude: np.ndarray) -> np.ndarray:
        """Magnitude ``(T, n_bins)`` to a waveform ``((T - 1) * hop_length,)``."""
        # In the memory layout that `librosa.stft` returns.
        return librosa.griffinlim(
            magnitude.T * self.scale, n_iter=self.iterations, momentum=MOMENTUM, random_state=0, **self.framing
        )

    def invert(self, log_mel: np.ndarray) -> np.ndarray:
        """Log-mel ``(T, n_mels)`` to a waveform."""
        power = mel_power_of(log_mel, self.config).T
        found, *_ = np.linalg.lstsq(mel_filterbank(self.config), power)
        return self.griffin_lim(np.sqrt(np.maximum(found, 0.0)).astype(np.float32).T)
