"""One file through a model: read it twice, once to measure and once to convert, and write."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from melgan_vc.audio.files import AudioReader, AudioWriter
from melgan_vc.convert.channel import FirstPass, convert_channel, first_pass, interleave
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.conversion import Conversion
from melgan_vc.vocoders.base import Vocoder


@dataclass(frozen=True)
class ConvertedFile:
    """What was converted: seconds of audio, channels, and samples that had to be limited to ±1."""

    seconds: float
    channels: int
    clipped: int


def convert_file(
    source: Path,
    target: Path | BinaryIO,
    *,
    model: Conversion,
    vocoder: Vocoder,
    overwrite: bool = False,
) -> ConvertedFile:
    """Convert one audio file, of any length, in constant memory.

    The output has the input's rate, channels and, to the sample, its length. The input is brought to the level that
    the model was trained at, and the output back by as much. Channels that are identical are converted once.

    Parameters
    ----------
    source : Path
        Any audio file, or a video with sound.
    target : Path or binary file
        Its extension decides the format; a binary file receives WAV.
    model : Conversion
        The trained run, in one of its directions.
    vocoder : Vocoder
        Inverts log-mels of the model's settings.
    overwrite : bool
        Replace an existing target.

    Returns
    -------
    ConvertedFile

    Raises
    ------
    MelganVcError
        If the source cannot be read, the target cannot be written, or the vocoder's settings are other than the
        model's.
    """
    model.config.mel.require_same(vocoder.config, mine="the model", theirs="the vocoder")
    if isinstance(target, Path) and target.exists() and target.resolve() == source.resolve():
        raise MelganVcError(f"Expected an output other than the input, received: {target} for both")
    with AudioReader(source) as reader:
        found = first_pass(reader.blocks(), reader.rate, model)
        rate = reader.source_rate
    with AudioWriter(target, rate=rate, channels=found.channels, overwrite=overwrite) as writer:
        streams = [_channel(source, channel, found, rate, model, vocoder) for channel in range(found.distinct)]
        for blocks in zip(*streams, strict=True):
            writer.write(interleave(blocks, found.channels))
    return ConvertedFile(found.frames / rate, found.channels, writer.clipped)


def _channel(
    source: Path, channel: int, found: FirstPass, rate: int, model: Conversion, vocoder: Vocoder
) -> Iterator[np.ndarray]:
    """One channel of the output in blocks, at the source's rate, exactly as long as the source."""
    with AudioReader(source, rate=model.config.mel.rate) as reader:
        blocks = (block[:, channel] for block in reader.blocks())
        yield from convert_channel(blocks, found, rate, model=model, vocoder=vocoder)
