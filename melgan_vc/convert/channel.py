"""One channel of sound through a model: level, translate, invert, restore. Files and waveforms share it."""

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from melgan_vc.audio.chunks import translate_in_chunks
from melgan_vc.audio.files import Resampler
from melgan_vc.audio.loudness import LoudnessMeter
from melgan_vc.audio.mel import log_mel, stream_log_mel
from melgan_vc.audio.voice import Voice
from melgan_vc.convert.model import Adaptation, ConversionModel
from melgan_vc.vocoders.base import Vocoder

_VOICE_SECONDS = 30.0


@dataclass(frozen=True)
class Measured:
    """What a first pass over sound finds, so that the second can stream.

    Attributes
    ----------
    frames, channels : int
        Length in samples, and channels.
    distinct : int
        Channels to convert: 1 where all are the same.
    gain : float
        Factor that brings it to the level that the model was trained at.
    adaptation : Adaptation or None
        By its beginning, where the model brings voices to each other.
    """

    frames: int
    channels: int
    distinct: int
    gain: float
    adaptation: Adaptation | None = None


def measure(blocks: Iterable[np.ndarray], rate: int, model: ConversionModel) -> Measured:
    """Measure length and level of blocks ``(frames, channels)``, and find out whether all channels are the same."""
    same, frames, channels = True, 0, 0
    meter = LoudnessMeter(rate)
    heard: list[np.ndarray] = []
    for block in blocks:
        if model.voice is not None and frames < _VOICE_SECONDS * rate:
            heard.append(block.mean(axis=1))
        frames, channels = frames + len(block), block.shape[1]
        # The channels' mean power, not their sum: opposite channels would cancel.
        meter.update(np.sqrt(np.square(block).mean(axis=1)))
        same &= bool((block == block[:, :1]).all())
    wanted = model.config.corpus.level_db
    gain = 1.0 if wanted is None else meter.gain_to(wanted)
    adaptation = _adaptation(np.concatenate(heard) * np.float32(gain), rate, model) if heard else None
    return Measured(frames, channels, 1 if same else channels, gain, adaptation)


def _adaptation(wave: np.ndarray, rate: int, model: ConversionModel) -> Adaptation | None:
    """How the beginning of a file, at any rate, is brought to the model's voice."""
    mel = model.config.mel
    wave = np.concatenate([*resampled([wave.astype(np.float32)], rate, mel.rate)])
    frames = log_mel(wave, mel)
    return model.adapt(Voice.heard(wave, mel.rate, frames), frames)


def convert_channel(
    blocks: Iterable[np.ndarray], found: Measured, rate: int, *, model: ConversionModel, vocoder: Vocoder
) -> Iterator[np.ndarray]:
    """Convert one channel in constant memory.

    Parameters
    ----------
    blocks : iterable of np.ndarray
        Consecutive pieces ``(samples,)`` of the channel, at the model's rate.
    found : Measured
        Its length and gain.
    rate : int
        The rate of the result in Hz.

    Yields
    ------
    np.ndarray
        Pieces ``(samples,)``, float32, not limited to ±1; ``found.frames`` samples in all, in blocks of one size.
    """
    mel = model.config.mel
    mels = stream_log_mel((block * np.float32(found.gain) for block in blocks), mel)
    translate = functools.partial(model, adaptation=found.adaptation)
    translated = translate_in_chunks(mels, translate, context=model.context, stride=model.stride)
    restored = resampled(vocoder.stream(translated), mel.rate, rate)
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
