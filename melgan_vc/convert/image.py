"""The stereo image of a source, given to one sound that was made of it."""

import itertools
from functools import lru_cache

import numpy as np
import scipy.fft
import scipy.ndimage
import scipy.signal

_BANDS = 24
_SMOOTHED = 7  # frames
_OVERLAP = 4
_LEAST_SHARE = 0.05
"""Of the channels' mean power: where the mix has less, channels are not raised to make up for it."""

_COMPARED = 25  # frames
_DECORRELATED = 2  # frames
_PULSES = 30

CORRELATION_REACH = _COMPARED // 2 + 2
"""Frames before and after a frame that what `as_correlated` makes of it depends on."""

IMAGE_REACH = _OVERLAP + _SMOOTHED // 2 + _DECORRELATED + CORRELATION_REACH
"""The same of `with_image`."""


def with_image(source: np.ndarray, made: np.ndarray, weights: np.ndarray, usual: np.ndarray, hop: int) -> np.ndarray:
    r"""Channels whose levels and correlations, band by band, are those of a source, made of one sound.

    With :math:`C` the covariance of the source's channels in a band around a moment, and :math:`m = w^T x` the mix
    that the sound was made of, the channels are predicted from the mix, :math:`a = C w / (w^T C w)`, and what the
    prediction lacks, :math:`R = C / (w^T C w) - a a^T`, comes from decorrelated copies of the sound:

    .. math:: y_c = a_c\, y + \sum_k (R^{1/2})_{ck}\, d_k

    So their mix is the sound itself. This is parametric stereo (Breebaart et al., "Parametric coding of stereo
    audio", EURASIP JASP 2005) with the source's covariance for its parameters, and any number of channels; the
    decorrelation is by velvet noise (Alary, Politis, Välimäki, "Velvet-noise decorrelator", DAFx 2017).

    Parameters
    ----------
    source : np.ndarray
        Shape ``(samples, channels)``, in step with ``made``.
    made : np.ndarray
        Shape ``(samples,)``.
    weights : np.ndarray
        Shape ``(channels,)``: of the mix.
    usual : np.ndarray
        Shape ``(channels, channels)``: covariance of the source as a whole, for where it is silent.
    hop : int
        Samples between frames, a divisor of their number.

    Returns
    -------
    np.ndarray
        Shape ``(samples, channels)``, float32.
    """
    channels = source.shape[1]
    spectra = [_stft(source[:, channel], hop) for channel in range(channels)]
    across = _bands(spectra[0].shape[1])
    covariance = np.empty((len(spectra[0]), _BANDS, channels, channels))
    for one, other in itertools.combinations_with_replacement(range(channels), 2):
        both = (spectra[one] * spectra[other].conj()).real @ across
        covariance[..., one, other] = covariance[..., other, one] = both
    covariance = scipy.ndimage.convolve1d(covariance, np.hanning(_SMOOTHED + 2)[1:-1], axis=0, mode="constant")
    usual = usual / max(np.trace(usual), 1e-30)
    covariance += 1e-12 * usual + 1e-5 * np.trace(covariance, axis1=2, axis2=3)[..., None, None] * usual
    mixed = covariance @ weights
    power = mixed @ weights
    power = np.maximum(power, _LEAST_SHARE * np.trace(covariance, axis1=2, axis2=3) / channels)[..., None]
    predicted = mixed / power
    lacking = covariance / power[..., None] - predicted[..., :, None] * predicted[..., None, :]
    spread = _root(lacking)

    between = (across / across.sum(axis=1, keepdims=True)).T
    sound = _stft(made, hop)
    copies = [_stft(_decorrelated(made, hop, channel), hop) for channel in range(channels)]
    result = np.empty_like(source)
    for channel in range(channels):
        spectrum = sound * (predicted[..., channel].astype(np.float32) @ between)
        for copy, share in zip(copies, np.moveaxis(spread[..., channel, :], -1, 0), strict=True):
            spectrum += copy * (share.astype(np.float32) @ between)
        result[:, channel] = _inverse(spectrum, hop, len(made))
    return as_correlated(source, result, hop)


def as_correlated(source: np.ndarray, made: np.ndarray, hop: int) -> np.ndarray:
    """Bring the levels and correlations over all bands to those of the source.

    Where what was made has more of one band than its source had, right bands do not add up to a right whole. It is
    brought there by the matrix that changes it least, the optimal transport between two covariances, for each moment.

    Parameters
    ----------
    source, made : np.ndarray
        Shape ``(samples, channels)``, in step.
    hop : int
        Samples between moments, a divisor of their number.

    Returns
    -------
    np.ndarray
        Shape ``(samples, channels)``, float32, as loud as ``made``.
    """
    wanted, own = (_covariances(sound, hop) for sound in (source, made))
    trace = np.trace(own, axis1=1, axis2=2)[:, None, None]
    wanted = wanted * trace / np.maximum(np.trace(wanted, axis1=1, axis2=2)[:, None, None], 1e-20)
    own = own + (1e-4 * trace + 1e-12) * np.eye(source.shape[1])
    root = _root(own)
    inverse = np.linalg.inv(root)
    moved = inverse @ _root(root @ wanted @ root) @ inverse
    middles = (np.arange(len(moved)) + 0.5) * hop
    result = np.zeros_like(made)
    for to, of in itertools.product(range(made.shape[1]), repeat=2):
        result[:, to] += made[:, of] * np.interp(np.arange(len(made)), middles, moved[:, to, of]).astype(np.float32)
    return result


def _covariances(sound: np.ndarray, hop: int) -> np.ndarray:
    """Covariances ``(T, channels, channels)`` around each hop."""
    rows = sound.reshape(-1, hop, sound.shape[1]).astype(np.float64)
    window = np.hanning(_COMPARED + 2)[1:-1]
    return scipy.ndimage.convolve1d(rows.transpose(0, 2, 1) @ rows, window, axis=0, mode="constant")


def _root(matrices: np.ndarray) -> np.ndarray:
    """The symmetric square roots of positive matrices ``(..., N, N)``."""
    values, vectors = np.linalg.eigh(matrices)
    return (vectors * np.sqrt(np.maximum(values, 0.0))[..., None, :]) @ np.swapaxes(vectors, -1, -2)


@lru_cache(maxsize=4)
def _bands(bins: int) -> np.ndarray:
    """Overlapping triangles ``(bins, bands)``, evenly spaced on a scale that is linear, then logarithmic."""
    position = np.log1p(np.arange(bins) / (bins / 64.0))
    position *= (_BANDS - 1) / position[-1]
    return np.maximum(0.0, 1.0 - np.abs(position[:, None] - np.arange(_BANDS))).astype(np.float32)


@lru_cache(maxsize=64)
def _velvet(samples: int, number: int) -> np.ndarray:
    """Sparse pulses of random sign and place that die away, of unit power: ``(samples,)``."""
    draw, spacing = np.random.default_rng(number), samples / _PULSES
    places = (spacing * (np.arange(_PULSES) + draw.uniform(size=_PULSES))).astype(int)
    noise = np.zeros(samples, np.float32)
    noise[places] = draw.choice([-1.0, 1.0], _PULSES) * np.exp(-3.0 * places / samples)
    return noise / np.sqrt(np.sum(noise**2))


def _decorrelated(sound: np.ndarray, hop: int, number: int) -> np.ndarray:
    """A copy ``(samples,)`` of a sound that sounds as it, and is not correlated with it."""
    return scipy.signal.oaconvolve(sound, _velvet(_DECORRELATED * hop, number))[: len(sound)].astype(np.float32)


@lru_cache(maxsize=8)
def _window(hop: int) -> np.ndarray:
    """A periodic Hann window whose squares add up to 1."""
    samples = _OVERLAP * hop
    hann = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(samples) / samples)
    return (hann / np.sqrt(3.0 / 8.0 * _OVERLAP)).astype(np.float32)


def _stft(sound: np.ndarray, hop: int) -> np.ndarray:
    """Spectra ``(samples // hop + 1, bins)`` of windows around multiples of the hop."""
    padded = np.pad(np.ascontiguousarray(sound, np.float32), _OVERLAP // 2 * hop)
    windows = np.lib.stride_tricks.sliding_window_view(padded, _OVERLAP * hop)[::hop]
    return scipy.fft.rfft(windows * _window(hop), axis=1)


def _inverse(spectra: np.ndarray, hop: int, samples: int) -> np.ndarray:
    """The sound ``(samples,)`` of changed spectra."""
    windows = scipy.fft.irfft(spectra, _OVERLAP * hop, axis=1) * _window(hop)
    rows = windows.reshape(len(windows), _OVERLAP, hop)
    sound = np.zeros((len(windows) + _OVERLAP - 1, hop), np.float32)
    for part in range(_OVERLAP):
        sound[part : part + len(rows)] += rows[:, part]
    return sound.reshape(-1)[_OVERLAP // 2 * hop :][:samples]
