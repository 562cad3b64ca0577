"""A picture of a conversion: source and result, one below the other."""

from pathlib import Path

import numpy as np

from melgan_vc.atomic import replacing
from melgan_vc.audio.channels import mono_mix
from melgan_vc.audio.files import AudioReader
from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.plot.log_mels import spectrograms_png


def draw_conversion(
    source: Path,
    target: Path,
    mel: MelConfig,
    *,
    seconds: float = 20.0,
    overwrite: bool = False,
    source_name: str | None = None,
) -> Path:
    """Draw the first seconds of two audio files as log-mel spectrograms, into a PNG beside the second.

    Parameters
    ----------
    source, target : Path
        What was converted, and what came of it.
    mel : MelConfig
        The spectrogram's settings.
    seconds : float
        How much of them is drawn.
    overwrite : bool
        Replace an existing picture.
    source_name : str, optional
        What the source is called above its spectrogram; the name of its file if left out.

    Returns
    -------
    Path
        ``target`` with the extension ``.png``.

    Raises
    ------
    MelganVcError
        If a file cannot be read, or the picture exists.
    """
    place = target.with_suffix(".png")
    if place.exists() and not overwrite:
        raise MelganVcError(
            f"Expected a new file for the picture, received: {place} (it exists; --force replaces it)"
        )
    mels = {
        f"source: {source_name or source.name}": log_mel(_beginning(source, mel.rate, seconds), mel),
        f"converted: {target.name}": log_mel(_beginning(target, mel.rate, seconds), mel),
    }
    with replacing(place) as partial:
        partial.write_bytes(spectrograms_png(mels, mel))
    return place


def _beginning(path: Path, rate: int, seconds: float) -> np.ndarray:
    """The first seconds of a file, mono."""
    wanted, blocks, found = int(seconds * rate), [], 0
    with AudioReader(path, rate=rate) as reader:
        for block in reader.blocks():
            blocks.append(block)
            found += len(block)
            if found >= wanted:
                break
    return mono_mix(np.concatenate(blocks)[:wanted], rate)
