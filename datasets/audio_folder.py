"""Turn audio files of any rate into a training folder of mono FLAC at one rate."""

from pathlib import Path

import numpy as np
import soundfile as sf
import soxr
from recipe import Checksums, progress_bar, write_clip


def convert_files(
    sources: list[Path], out: Path, rate: int, checksums: Checksums, skip: dict[str, str] | None = None
) -> list[str]:
    """Write each source as ``out/NAME.flac``, mono, at `rate`; skip what is complete or cannot be read.

    Parameters
    ----------
    sources : list of Path
        Files that soundfile reads.
    out : Path
        Training folder, inside the folder of `checksums`.
    rate : int
        Sample rate to write, in Hz.
    checksums : Checksums
        What is complete already; saved before returning.
    skip : dict, optional
        File name to the reason why it is left out.

    Returns
    -------
    list of str
        Lines of the report.
    """
    lines, made, seconds = [], 0, 0.0
    try:
        with progress_bar() as bar:
            for source in bar.track(sources, description=out.name):
                if reason := (skip or {}).get(source.name):
                    lines.append(f"{out.name}: skipped {source.name}: {reason}")
                    continue
                target = out / f"{source.stem}.flac"
                if not checksums.complete(target):
                    try:
                        audio = read_mono(source, rate)
                    except sf.LibsndfileError as error:
                        lines.append(f"{out.name}: skipped {source.name}: {error}")
                        continue
                    checksums.record(target, write_clip(target, audio, rate))
                made += 1
                seconds += sf.info(target).duration
    finally:
        checksums.save()
    return [*lines, f"{out.name}: {made} clips, {seconds / 60:.1f} minutes, {rate} Hz mono"]


def read_mono(path: Path, rate: int) -> np.ndarray:
    """Read a file as float32 mono of shape (samples,), resampled to `rate` Hz."""
    audio, found = sf.read(path, dtype="float32", always_2d=True)
    mono = audio.mean(axis=1)
    return mono if found == rate else soxr.resample(mono, found, rate)
