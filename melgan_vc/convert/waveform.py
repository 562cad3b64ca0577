"""A waveform in memory through a model, as a file would go through it."""

import warnings
from collections.abc import Iterator
from functools import partial

import numpy as np

from melgan_vc.audio.blocks import BLOCK
from melgan_vc.audio.rates import whole_rate
from melgan_vc.convert.first_pass import first_pass
from melgan_vc.convert.sound import at_rate, convert_sound
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.conversion import Conversion
from melgan_vc.vocoders.base import Vocoder

# No recording has more; an array with more is the wrong way round.
_MOST_CHANNELS = 64


def convert_waveform(wave: np.ndarray, rate: int, *, model: Conversion, vocoder: Vocoder) -> np.ndarray:
    """Convert a waveform; see `melgan_vc.convert.stream.convert_file`, which does the same to a file.

    Parameters
    ----------
    wave : np.ndarray
        Shape ``(samples,)`` or ``(samples, channels)``, float, full scale is ±1.
    rate : int
        Its sampling rate in Hz.
    model : Conversion
        The trained run, in one of its directions.
    vocoder : Vocoder
        Inverts log-mels of the model's settings.

    Returns
    -------
    np.ndarray
        The same shape, float32, in [-1, 1].

    Warns
    -----
    UserWarning
        If the result may be of no use, see `Conversion.doubt`.

    Raises
    ------
    MelganVcError
        If the wave or the rate is not as described, or the vocoder's settings are other than the model's.
    """
    model.config.mel.require_same(vocoder.config, mine="the model", theirs="the vocoder")
    samples, rate = require_waveform(wave), whole_rate(rate)
    sound = samples if samples.ndim == 2 else samples[:, None]
    found = first_pass(_blocks(sound), rate, model)
    for doubt in found.doubts(model):
        warnings.warn(f"Of the waveform, {doubt}.", stacklevel=3)  # where `Model.convert` was called
    blocks = partial(_at_rate, sound, rate, model.config.mel.rate)
    converted = convert_sound(blocks, found, rate, model=model, vocoder=vocoder)
    return np.concatenate([*converted]).reshape(samples.shape)


def require_waveform(wave: np.ndarray) -> np.ndarray:
    """The waveform as float32, or an error that says what is wrong with it.

    >>> require_waveform(np.zeros(4, np.int16))
    Traceback (most recent call last):
    melgan_vc.errors.MelganVcError: Expected a waveform of floats in [-1, 1], received: int16; divide it by 32768
    """
    wave = np.asarray(wave)
    if np.issubdtype(wave.dtype, np.integer):
        raise MelganVcError(
            f"Expected a waveform of floats in [-1, 1], received: {wave.dtype}; "
            f"divide it by {2 ** (8 * wave.dtype.itemsize - 1)}"
        )
    if not np.issubdtype(wave.dtype, np.floating):
        raise MelganVcError(f"Expected a waveform of floats in [-1, 1], received: {wave.dtype}")
    if wave.ndim not in (1, 2) or wave.size == 0:
        raise MelganVcError(
            f"Expected a waveform of shape (samples,) or (samples, channels), received: shape {wave.shape}"
        )
    if wave.ndim == 2 and wave.shape[1] > _MOST_CHANNELS:
        raise MelganVcError(
            f"Expected a waveform of shape (samples, channels), received: shape {wave.shape}, which would be "
            f"{wave.shape[1]} channels; pass wave.T"
        )
    if not np.isfinite(wave).all():
        first = tuple(int(index) for index in np.argwhere(~np.isfinite(wave))[0])
        raise MelganVcError(f"Expected finite samples, received: {wave[first]} at index {first}")
    return wave.astype(np.float32)


def _blocks(sound: np.ndarray) -> Iterator[np.ndarray]:
    """The blocks that a file of this length would be read in."""
    yield from (sound[start : start + BLOCK] for start in range(0, len(sound), BLOCK))


def _at_rate(sound: np.ndarray, rate: int, wanted: int) -> Iterator[np.ndarray]:
    return at_rate(_blocks(sound), rate, wanted, sound.shape[1])
