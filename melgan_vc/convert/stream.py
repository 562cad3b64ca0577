"""One file through a model: read it twice, once to measure and once to convert, and write."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from melgan_vc.audio.files import AudioReader, AudioWriter
from melgan_vc.convert.first_pass import first_pass
from melgan_vc.convert.sound import convert_sound
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.conversion import Conversion
from melgan_vc.vocoders.base import Vocoder


@dataclass(frozen=True)
class ConvertedFile:
    """What was converted.

    Attributes
    ----------
    seconds : float
        Of audio.
    channels : int
        Of it.
    doubts : tuple of str
        Why the result may be of no use, see `Conversion.doubt`; none where all is well.
    """

    seconds: float
    channels: int
    doubts: tuple[str, ...] = ()


def convert_file(
    source: Path,
    target: Path | BinaryIO,
    *,
    model: Conversion,
    vocoder: Vocoder,
    overwrite: bool = False,
) -> ConvertedFile:
    """Convert one audio file, of any length, in constant memory.

    The output has the input's rate, channels and, to the sample, its length. It is as loud as the input, and as wide;
    see `convert_sound`.

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
    blocks = partial(_blocks, source, model.config.mel.rate)
    with AudioWriter(target, rate=rate, channels=found.channels, overwrite=overwrite, tags=reader.tags) as writer:
        for block in convert_sound(blocks, found, rate, model=model, vocoder=vocoder):
            writer.write(block)
    return ConvertedFile(found.frames / rate, found.channels, found.doubts(model))


def _blocks(source: Path, rate: int) -> Iterator[np.ndarray]:
    """A file's sound at another rate."""
    with AudioReader(source, rate=rate) as reader:
        yield from reader.blocks()
