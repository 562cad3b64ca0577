"""What a conversion is to be compared with: rows of a report that no network made."""

from collections.abc import Sequence

import numpy as np
import scipy.signal
import soxr

from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.features.waveforms import comparable
from melgan_vc.vocoders.base import Vocoder

MOST_GAIN_DB = 24.0
_FILTER_TAPS = 1025
_BANDS_PER_OCTAVE = 3
_LOWEST_HZ = 40.0


def copy_synthesis(
    wave: np.ndarray, mel_config: MelConfig, vocoder: Vocoder, *, rate: int | None = None
) -> np.ndarray:
    """Through the log-mel and back, unchanged: what the vocoder alone costs, and the best a conversion can sound.

    Parameters
    ----------
    wave : np.ndarray
        Shape ``(samples,)``, full scale is ±1.
    mel_config : MelConfig
        The log-mel; that of the vocoder.
    vocoder : Vocoder
        What inverts it.
    rate : int, optional
        Sampling rate of ``wave`` in Hz, by default that of the log-mel.

    Returns
    -------
    np.ndarray
        Shape ``(samples,)``, float32, at the same rate.
    """
    mel_config.require_same(vocoder.config, mine="the log-mel", theirs="the vocoder")
    rate = mel_config.rate if rate is None else rate
    resampled = soxr.resample(np.asarray(wave, np.float32), rate, mel_config.rate)
    inverted = vocoder.invert(log_mel(resampled, mel_config))[: len(resampled)]
    return _exactly(soxr.resample(inverted, mel_config.rate, rate), len(wave))


def reversed_in_time(wave: np.ndarray) -> np.ndarray:
    """Backwards: the same sound, none of the content."""
    return np.ascontiguousarray(wave[::-1])


def fit_equaliser(
    source_clips: Sequence[np.ndarray], target_clips: Sequence[np.ndarray], rate: int
) -> np.ndarray | None:
    """The filter by which the mean spectrum of the source's clips would become that of the target's.

    This is style transfer by equaliser: if a metric cannot tell a conversion from it, the network has learnt little
    more than timbre's average. Long-term spectra are compared in thirds of an octave, each clip at one level, with at
    most 24 dB of gain either way.

    Parameters
    ----------
    source_clips, target_clips : sequence of np.ndarray
        Clips ``(samples,)`` of each style.
    rate : int
        Sampling rate of all clips in Hz.

    Returns
    -------
    np.ndarray or None
        Taps ``(1025,)`` of linear phase for `equalised`; None if a style has no clip that sounds.
    """
    source, target = (mean_spectrum_db(clips, rate) for clips in (source_clips, target_clips))
    if source is None or target is None:
        return None
    gain_db = np.clip(target - source, -MOST_GAIN_DB, MOST_GAIN_DB)
    frequencies = np.concatenate([[0.0], _band_centres(rate), [rate / 2]])
    gain = 10.0 ** (np.pad(gain_db, 1, mode="edge") / 20.0)
    grid = np.linspace(0.0, rate / 2, 513)
    return scipy.signal.firwin2(_FILTER_TAPS, grid, np.interp(grid, frequencies, gain), fs=rate)


def equalised(wave: np.ndarray, taps: np.ndarray | None) -> np.ndarray:
    """Filter a clip without delay.

    Parameters
    ----------
    wave : np.ndarray
        Shape ``(samples,)``, full scale is ±1.
    taps : np.ndarray or None
        From `fit_equaliser`; None filters nothing.

    Returns
    -------
    np.ndarray
        Shape ``(samples,)``, float32, as loud (RMS) as ``wave`` was.
    """
    wave = np.asarray(wave, np.float32)
    if taps is None or not wave.any():
        return wave
    filtered = scipy.signal.oaconvolve(wave, taps, mode="full")[_FILTER_TAPS // 2 :][: len(wave)]
    loudness = np.sqrt(np.mean(np.square(wave, dtype=np.float64)) / max(np.mean(filtered**2), 1e-12))
    return (filtered * loudness).astype(np.float32)


def mean_spectrum_db(clips: Sequence[np.ndarray], rate: int) -> np.ndarray | None:
    """Mean power of clips in thirds of an octave, ``(bands,)`` in dB, each clip at -20 dBFS; None if none sounds."""
    levelled = [comparable(clip, rate, rate, seconds=0.1) for clip in clips]
    powers = [_band_powers(clip, rate) for clip in levelled if clip is not None]
    if not powers:
        return None
    power = np.mean(powers, axis=0)
    # Below -60 dB of the loudest band there is noise, or what a codec left: not a thing to match.
    return 10.0 * np.log10(power + 1e-6 * power.max())


def _band_powers(wave: np.ndarray, rate: int) -> np.ndarray:
    """Mean power density in each band around `_band_centres`."""
    n_fft = 2 ** int(np.ceil(np.log2(rate / 8.0)))  # an eighth of a second resolves a third of an octave at 40 Hz
    frequencies, power = scipy.signal.welch(wave, fs=rate, nperseg=min(n_fft, len(wave)), nfft=n_fft)
    width = 2.0 ** (0.5 / _BANDS_PER_OCTAVE)
    centres = _band_centres(rate)
    low, high = (np.searchsorted(frequencies, edge) for edge in (centres / width, centres * width))
    return np.array([power[a : max(b, a + 1)].mean() for a, b in zip(low, high, strict=True)])


def _band_centres(rate: int) -> np.ndarray:
    """Centres of thirds of an octave from 40 Hz up to half the rate."""
    octaves = np.log2(rate / 2 / _LOWEST_HZ)
    return _LOWEST_HZ * 2.0 ** (np.arange(int(octaves * _BANDS_PER_OCTAVE)) / _BANDS_PER_OCTAVE)


def _exactly(wave: np.ndarray, samples: int) -> np.ndarray:
    return np.pad(wave, (0, max(0, samples - len(wave))))[:samples]
