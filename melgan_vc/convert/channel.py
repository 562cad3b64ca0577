"""One channel of sound through a model: level, translate, invert, restore. Files and waveforms share it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from melgan_vc.audio.files import Resampler
from melgan_vc.audio.loudness import LoudnessMeter
from melgan_vc.audio.mel import log_mel
from melgan_vc.features.table import stream_frames
from melgan_vc.methods.conversion import Conversion, Heard
from melgan_vc.vocoders.base import Vocoder

_HEARD_SECONDS = 30.0


@dataclass(frozen=True)
class FirstPass:
    """What a first pass over sound finds, so that the second can stream.

    Attributes
    ----------
    frames, channels : int
        Length in samples, and channels.
    distinct : int
        Channels to convert: 1 where all are the same.
    gain : float
        Factor that brings it to the level that the model was trained at.
    prepared : object
        What the model made of its beginning, where it wants to hear that first; see `Conversion.prepare`.
    """

    frames: int
    channels: int
    distinct: int
    gain: float
    prepared: Any = None


def first_pass(blocks: Iterable[np.ndarray], rate: int, model: Conversion) -> FirstPass:
    """Measure length and level of blocks ``(frames, channels)``, and find out whether all channels are the same."""
    same, frames, channels = True, 0, 0
    meter = LoudnessMeter(rate)
    heard: list[np.ndarray] = []
    for block in blocks:
        if model.prepares and frames < _HEARD_SECONDS * rate:
            heard.append(block.mean(axis=1))
        frames, channels = frames + len(block), block.shape[1]
        # The channels' mean power, not their sum: opposite channels would cancel.
        meter.update(np.sqrt(np.square(block).mean(axis=1)))
        same &= bool((block == block[:, :1]).all())
    wanted = model.config.corpus.level_db
    gain = 1.0 if wanted is None else meter.gain_to(wanted)
    prepared = _prepared(np.concatenate(heard) * np.float32(gain), rate, model) if heard else None
    return FirstPass(frames, channels, 1 if same else channels, gain, prepared)


def _prepared(wave: np.ndarray, rate: int, model: Conversion) -> Any:
    """What the model makes of the beginning of a file, at any rate."""
    mel = model.config.mel
    wave = np.concatenate([*resampled([wave.astype(np.float32)], rate, mel.rate)])
    return model.prepare(Heard(wave, log_mel(wave, mel)))


def convert_channel(
    blocks: Iterable[np.ndarray], found: FirstPass, rate: int, *, model: Conversion, vocoder: Vocoder
) -> Iterator[np.ndarray]:
    """Convert one channel in constant memory.

    Parameters
    ----------
    blocks : iterable of np.ndarray
        Consecutive pieces ``(samples,)`` of the channel, at the model's rate.
    found : FirstPass
        Its length and gain.
    rate : int
        The rate of the result in Hz.

    Yields
    ------
    np.ndarray
        Pieces ``(samples,)``, float32, not limited to ±1; ``found.frames`` samples in all, in blocks of one size.
    """
    mel = model.config.mel
    frames = stream_frames((block * np.float32(found.gain) for block in blocks), mel, model.features)
    converted = model.in_chunks(found.prepared).stream(frames)
    restored = resampled(vocoder.stream(converted), mel.rate, rate)
    level = np.float32(1.0 / found.gain)
    yield from (block * level for block in _exactly(restored, found.frames))


def resampled(blocks: Iterable[np.ndarray], rate: int, wanted: int) -> Iterator[np.ndarray]:
    """Change the rate of a stream of blocks ``(samples,)``."""
    resampler = Resampler(rate, wanted, 1)
    for block in blocks:
        yield resampler.process(block[:, None])[:, 0]
    yield resampler.process(np.zeros((0, 1), np.float32), last=True)[:, 0]


def _exactly(blocks: Iterable[np.ndarray], samples: int) -> Iterator[np.ndarray]:
    """Cut or pad a stream to a number of samples, in blocks of one size: channels then go in step."""
    size, pending, left = 65536, np.zeros(0, np.float32), samples
    for block in blocks:
        pending = np.concatenate([pending, block])
        while len(pending) >= size and left > 0:
            yield pending[: min(size, left)]
            left -= min(size, left)
            pending = pending[size:]
    while left > 0:
        part = np.zeros(min(size, left), np.float32)
        kept = pending[: len(part)]
        part[: len(kept)] = kept
        yield part
        pending, left = pending[len(part) :], left - len(part)


def interleave(blocks: tuple[np.ndarray, ...], channels: int) -> np.ndarray:
    """Channel blocks ``(n,)`` to ``(n, channels)``; a single one is every channel."""
    return np.stack(blocks * channels if len(blocks) == 1 else blocks, axis=1)
