"""The spectrogram that Whisper hears, which is not the one that this project converts."""

import numpy as np
import scipy.fft

from melgan_vc.audio.mel import hz_to_mel, mel_filterbank, mel_to_hz
from melgan_vc.config.mel import MelConfig

RATE = 16000
HOP_LENGTH = 160
_MEL = MelConfig(rate=RATE, n_fft=400, hop_length=HOP_LENGTH, n_mels=80, fmin=0.0, fmax=RATE / 2)
_RANGE = 8.0  # decades below the loudest cell of a window


def whisper_log_mel(waves: np.ndarray) -> np.ndarray:
    """Log-mels of whole windows of sound.

    Frame ``t`` is centred on sample ``160 t``; outside of a window there is silence. Filters have equal areas, and
    decades of power are clipped to the eight below the loudest cell of the window, as in Radford et al. 2023.

    Parameters
    ----------
    waves : np.ndarray
        Shape ``(B, samples)``, float32 at 16 kHz.

    Returns
    -------
    np.ndarray
        Shape ``(B, samples // 160, 80)``, float32, about -1 to 1.5.
    """
    half = _MEL.n_fft // 2
    padded = np.pad(waves, ((0, 0), (half, half)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _MEL.n_fft, axis=1)[:, ::HOP_LENGTH]
    windows = windows[:, : waves.shape[1] // HOP_LENGTH]
    hann = np.hanning(_MEL.n_fft + 1)[:-1].astype(np.float32)
    spectrum = scipy.fft.rfft(windows * hann, axis=2)
    power = (spectrum.real**2 + spectrum.imag**2) @ _filters()
    decades = np.log10(np.maximum(power, 1e-10))
    decades = np.maximum(decades, decades.max(axis=(1, 2), keepdims=True) - _RANGE)
    return ((decades + 4.0) / 4.0).astype(np.float32)


def _filters() -> np.ndarray:
    """Shape ``(n_bins, n_mels)``: equal to ``librosa.filters.mel(sr=16000, n_fft=400, n_mels=80)``, transposed."""
    edges = mel_to_hz(np.linspace(hz_to_mel(_MEL.fmin), hz_to_mel(_MEL.fmax), _MEL.n_mels + 2))
    return (mel_filterbank(_MEL) * (2.0 / (edges[2:] - edges[:-2]))[:, None]).T.astype(np.float32)
