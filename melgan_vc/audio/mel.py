"""Waveform to log-mel spectrogram, whole or streamed, with identical results."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
import scipy.fft

from melgan_vc.config.mel import MelConfig

SILENCE = -1.0
"""The value of a silent cell of a log-mel spectrogram, and so of all padding."""

# Slaney's Auditory Toolbox: linear below 1 kHz, 27 logarithmic steps for each factor of 6.4 above.
_SLANEY_HZ_PER_MEL = 200.0 / 3.0
_SLANEY_CORNER_HZ = 1000.0
_SLANEY_LOG_STEP = np.log(6.4) / 27.0


def hz_to_mel(hz: np.ndarray, *, mel_scale: str = "slaney") -> np.ndarray:
    """Frequencies in Hz to mels, on Slaney's or the HTK scale."""
    hz = np.asarray(hz, dtype=np.float64)
    if mel_scale == "htk":
        return 2595.0 * np.log10(1.0 + hz / 700.0)
    above = np.log(np.maximum(hz, _SLANEY_CORNER_HZ) / _SLANEY_CORNER_HZ) / _SLANEY_LOG_STEP
    return np.minimum(hz, _SLANEY_CORNER_HZ) / _SLANEY_HZ_PER_MEL + above


def mel_to_hz(mel: np.ndarray, *, mel_scale: str = "slaney") -> np.ndarray:
    """Mels to frequencies in Hz, the inverse of `hz_to_mel`."""
    mel = np.asarray(mel, dtype=np.float64)
    if mel_scale == "htk":
        return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    corner = _SLANEY_CORNER_HZ / _SLANEY_HZ_PER_MEL
    return np.where(
        mel < corner,
        mel * _SLANEY_HZ_PER_MEL,
        _SLANEY_CORNER_HZ * np.exp(_SLANEY_LOG_STEP * (mel - corner)),
    )


def band_edges(config: MelConfig) -> np.ndarray:
    """Where bands begin, have their peaks and end, in Hz ``(n_mels + 2,)``: band ``b`` has those from ``b`` on."""
    return mel_to_hz(
        np.linspace(
            hz_to_mel(config.fmin, mel_scale=config.mel_scale),
            hz_to_mel(config.fmax, mel_scale=config.mel_scale),
            config.n_mels + 2,
        ),
        mel_scale=config.mel_scale,
    )


@lru_cache(maxsize=16)
def mel_filterbank(config: MelConfig) -> np.ndarray:
    """Triangular mel filters of peak 1, equal to ``librosa.filters.mel(..., norm=None)``.

    Returns
    -------
    np.ndarray
        Shape ``(n_mels, n_bins)``, float32, read-only; it weighs *power*.
    """
    edges = band_edges(config)
    bins = np.linspace(0.0, config.rate / 2, config.n_bins)
    widths = np.diff(edges)[:, None]
    rising = (bins - edges[:-2, None]) / widths[:-1]
    falling = (edges[2:, None] - bins) / widths[1:]
    filters = np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)
    filters.setflags(write=False)
    return filters


@lru_cache(maxsize=16)
def analysis_window(config: MelConfig) -> np.ndarray:
    """Periodic Hann window ``(n_fft,)``, scaled so that a full-scale sine has a total power of 1.

    By Parseval a sine of amplitude 1 puts ``fft_length * sum(w**2) / 4`` into its main lobe.
    """
    hann = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(config.n_fft) / config.n_fft)
    scale = np.sqrt(4.0 / (config.fft_length * np.sum(hann**2)))
    window = (hann * scale).astype(np.float32)
    window.setflags(write=False)
    return window


def normalise(power: np.ndarray, config: MelConfig) -> np.ndarray:
    """Mel power to [-1, 1]: decibels, clipped to the fixed range of the config. In place where it can."""
    np.maximum(power, 10.0 ** (config.floor_db / 10.0), out=power)
    np.log10(power, out=power)
    power *= 20.0 / (config.ceiling_db - config.floor_db)
    power += -1.0 - 2.0 * config.floor_db / (config.ceiling_db - config.floor_db)
    return np.clip(power, -1.0, 1.0, out=power)


def denormalise(log_mel: np.ndarray, config: MelConfig) -> np.ndarray:
    """Log-mel in [-1, 1] to mel power, the inverse of `normalise` (the floor becomes its own power)."""
    decibels = (log_mel + 1.0) * (0.5 * (config.ceiling_db - config.floor_db)) + config.floor_db
    return np.power(np.float32(10.0), decibels * np.float32(0.1), dtype=np.float32)


def _frames_to_log_mel(padded: np.ndarray, frames: int, config: MelConfig) -> np.ndarray:
    """Log-mel of the first ``frames`` windows of a waveform that already holds its padding."""
    strides = (padded.strides[0] * config.hop_length, padded.strides[0])
    windows = np.lib.stride_tricks.as_strided(padded, (frames, config.n_fft), strides, writeable=False)
    filters = mel_filterbank(config).T
    mel = np.empty((frames, config.n_mels), np.float32)
    for start in range(0, frames, 1024):  # bounds the memory of the linear spectrogram
        part = windows[start : start + 1024] * analysis_window(config)
        spectrum = scipy.fft.rfft(part, n=config.fft_length, axis=1, workers=-1)
        power = spectrum.real**2 + spectrum.imag**2
        np.matmul(power, filters, out=mel[start : start + 1024])
    return normalise(mel, config)


def log_mel(wave: np.ndarray, config: MelConfig) -> np.ndarray:
    """Log-mel spectrogram of a whole waveform.

    Frame ``t`` is centred on sample ``t * hop_length``; outside the waveform there is silence.

    Parameters
    ----------
    wave : np.ndarray
        Shape ``(samples,)``, float, full scale is ±1, at ``config.rate``.
    config : MelConfig
        The spectrogram's settings.

    Returns
    -------
    np.ndarray
        Shape ``(1 + samples // hop_length, n_mels)``, float32 in [-1, 1]; -1 is silence.

    Examples
    --------
    >>> log_mel(np.zeros(16000, np.float32), MelConfig()).shape
    (63, 80)
    """
    if wave.ndim != 1:
        raise ValueError(f"Expected a mono waveform of shape (samples,), received shape {wave.shape}")
    frames = config.frames(len(wave))
    half = config.n_fft // 2
    padded = np.zeros((frames - 1) * config.hop_length + config.n_fft, np.float32)
    padded[half : half + len(wave)] = wave[: len(padded) - half]
    return _frames_to_log_mel(padded, frames, config)


def window_log_mel(wave: np.ndarray, config: MelConfig) -> np.ndarray:
    """Log-mel of the windows that lie within a stretch of a waveform; nothing is padded.

    Parameters
    ----------
    wave : np.ndarray
        Shape ``(samples,)``, float32, at least ``n_fft`` samples.
    config : MelConfig
        The spectrogram's settings.

    Returns
    -------
    np.ndarray
        Shape ``(1 + (samples - n_fft) // hop_length, n_mels)``, float32 in [-1, 1].
    """
    frames = 1 + (len(wave) - config.n_fft) // config.hop_length
    return _frames_to_log_mel(np.ascontiguousarray(wave), frames, config)


def stream_log_mel(blocks: Iterable[np.ndarray], config: MelConfig) -> Iterator[np.ndarray]:
    """Log-mel spectrogram of a waveform that comes in blocks, in constant memory.

    The pieces, concatenated, are equal to `log_mel` of the concatenated blocks.

    Parameters
    ----------
    blocks : iterable of np.ndarray
        Consecutive pieces ``(samples,)`` of one waveform, of any lengths.
    config : MelConfig
        The spectrogram's settings.

    Yields
    ------
    np.ndarray
        Shape ``(frames, n_mels)``, float32; never empty.
    """
    pending = np.zeros(config.n_fft // 2, np.float32)
    samples = done = 0
    for block in blocks:
        samples += len(block)
        pending = np.concatenate([pending, np.asarray(block, np.float32)])
        frames = (len(pending) - config.n_fft) // config.hop_length + 1
        if frames > 0:
            yield _frames_to_log_mel(pending, frames, config)
            pending = pending[frames * config.hop_length :].copy()
            done += frames
    left = config.frames(samples) - done
    if left > 0:
        padded = np.zeros((left - 1) * config.hop_length + config.n_fft, np.float32)
        kept = min(len(pending), len(padded))
        padded[:kept] = pending[:kept]
        yield _frames_to_log_mel(padded, left, config)
