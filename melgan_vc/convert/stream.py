"""One file through a model: read, level, translate, invert, restore, write."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from melgan_vc.audio.chunks import translate_in_chunks
from melgan_vc.audio.files import AudioReader, AudioWriter, Resampler
from melgan_vc.audio.loudness import LoudnessMeter
from melgan_vc.audio.mel import stream_log_mel
from melgan_vc.convert.model import ConversionModel
from melgan_vc.errors import MelganVcError
from melgan_vc.vocoders.base import Vocoder


@dataclass(frozen=True)
class Conversion:
    """What was converted: seconds of audio, channels, and samples that had to be limited to ±1."""

    seconds: float
    channels: int
    clipped: int


@dataclass(frozen=True)
class _Input:
    """What a first pass over a file finds, so that the second can stream."""

    rate: int
    channels: int
    frames: int
    distinct: int
    gain: float


def convert_file(
    source: Path,
    target: Path | BinaryIO,
    *,
    model: ConversionModel,
    vocoder: Vocoder,
    overwrite: bool = False,
) -> Conversion:
    """Convert one audio file, of any length, in constant memory.

    The output has the input's rate, channels and, to the sample, its length. The input is brought to the level that
    the model was trained at, and the output back by as much. Channels that are identical are converted once.

    Parameters
    ----------
    source : Path
        Any audio file, or a video with sound.
    target : Path or binary file
        Its extension decides the format; a binary file receives WAV.
    model : ConversionModel
        The trained translator.
    vocoder : Vocoder
        Inverts log-mels of the model's settings.
    overwrite : bool
        Replace an existing target.

    Returns
    -------
    Conversion

    Raises
    ------
    MelganVcError
        If the source cannot be read, the target cannot be written, or the vocoder's settings are other than the
        model's.
    """
    model.config.mel.require_same(vocoder.config, mine="the model", theirs="the vocoder")
    if isinstance(target, Path) and target.exists() and target.resolve() == source.resolve():
        raise MelganVcError(f"Expected an output other than the input, received: {target} for both")
    found = _first_pass(source, model)
    with AudioWriter(target, rate=found.rate, channels=found.channels, overwrite=overwrite) as writer:
        streams = [_channel(source, channel, found, model, vocoder) for channel in range(found.distinct)]
        for blocks in zip(*streams, strict=True):
            writer.write(_interleave(blocks, found.channels))
    return Conversion(found.frames / found.rate, found.channels, writer.clipped)


def _first_pass(source: Path, model: ConversionModel) -> _Input:
    """Measure length and level, and find out whether all channels are the same."""
    same = True
    with AudioReader(source) as reader:
        meter = LoudnessMeter(reader.rate)
        for block in reader.blocks():
            # The channels' mean power, not their sum: opposite channels would cancel.
            meter.update(np.sqrt(np.square(block).mean(axis=1)))
            same &= bool((block == block[:, :1]).all())
        frames, source_rate, channels = reader.frames_read, reader.source_rate, reader.channels
    wanted = model.config.corpus.level_db
    gain = 1.0 if wanted is None else meter.gain_to(wanted)
    return _Input(source_rate, channels, frames, 1 if same else channels, gain)


def _channel(
    source: Path, channel: int, found: _Input, model: ConversionModel, vocoder: Vocoder
) -> Iterator[np.ndarray]:
    """One channel of the output in blocks, at the source's rate, exactly as long as the source."""
    mel = model.config.mel
    with AudioReader(source, rate=mel.rate) as reader:
        waves = (block[:, channel] * np.float32(found.gain) for block in reader.blocks())
        mels = stream_log_mel(waves, mel)
        translated = translate_in_chunks(mels, model, context=model.context, stride=model.stride)
        inverted = vocoder.stream(translated)
        restored = _resampled(inverted, mel.rate, found.rate)
        level = np.float32(1.0 / found.gain)
        yield from (block * level for block in _exactly(restored, found.frames))


def _resampled(blocks: Iterable[np.ndarray], rate: int, wanted: int) -> Iterator[np.ndarray]:
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


def _interleave(blocks: tuple[np.ndarray, ...], channels: int) -> np.ndarray:
    """Channel blocks ``(n,)`` to ``(n, channels)``; a single one is every channel."""
    return np.stack(blocks * channels if len(blocks) == 1 else blocks, axis=1)
