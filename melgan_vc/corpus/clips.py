"""Which clips are judged: the held-out files of a folder, and examples of its style."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from melgan_vc.audio.channels import mono_mix
from melgan_vc.audio.files import AudioFileError, find_audio, read
from melgan_vc.config.corpus import CorpusConfig
from melgan_vc.corpus.held_out import choose_held_out, name_hash
from melgan_vc.corpus.prepare import inspect_folders
from melgan_vc.errors import MelganVcError

SHORTEST_SECONDS = 2.5


@dataclass(frozen=True)
class NamedClip:
    """A clip of a folder.

    Attributes
    ----------
    name : str
        Its name there, without extension.
    wave : np.ndarray
        Shape ``(samples,)``, mono, float32.
    parallel : np.ndarray or None
        Shape ``(samples,)``: the same words or notes in the target style, where there is such a recording.
    channels : np.ndarray or None
        Shape ``(samples, 2)``: what ``wave`` is mixed from, where that is stereo and was asked for.
    """

    name: str
    wave: np.ndarray
    parallel: np.ndarray | None = None
    channels: np.ndarray | None = None


NAME_TEST_FOLDERS = "Name folders of clips that were never trained on with --test-source and --test-target."
NAME_UNSEEN_FOLDER = "Name a folder of audio that was never trained on with --unseen."


def held_out_clips(
    folder: Path,
    *,
    rate: int,
    share: float,
    count: int,
    seconds: float,
    everything: bool = False,
    stereo: bool = False,
    advice: str = NAME_TEST_FOLDERS,
) -> list[NamedClip]:
    """Clips that no training on this folder has seen.

    Parameters
    ----------
    folder : Path
        A folder of audio.
    rate : int
        Sampling rate wanted in Hz.
    share : float
        The share that training holds out; the files are chosen by name, as training chooses them.
    count : int
        Clips at most, spread over the folder; where there are fewer files, several of each.
    seconds : float
        Longest clip.
    everything : bool
        The folder is one of test files: none of it was trained on.
    stereo : bool
        Whether to keep both channels of stereo files.
    advice : str
        What to do where there is no held-out file.

    Returns
    -------
    list of NamedClip
        By name. Files shorter than `SHORTEST_SECONDS` are left out while there are longer ones.

    Raises
    ------
    MelganVcError
        If the folder has no held-out file, or none that is usable.
    """
    chosen, others = (_audio_of(folder), []) if everything else _split(folder, share)
    if not chosen:
        raise MelganVcError(
            f"Expected held-out files in {folder}, received: {len(others)} audio files, all of them for training. "
            f"{advice}"
        )
    return _load(folder, chosen, rate=rate, count=count, seconds=seconds, stereo=stereo)


def folder_clips(
    folders: Sequence[Path], *, rate: int, share: float, count: int, seconds: float, everything: bool = False
) -> list[NamedClip]:
    """`held_out_clips` of several folders, ``count`` of each, under the names of their folders."""
    options = {"rate": rate, "share": share, "count": count, "seconds": seconds, "everything": everything}
    return [
        replace(clip, name=f"{folder.absolute().name}/{clip.name}")
        for folder in folders
        for clip in held_out_clips(folder, advice=NAME_UNSEEN_FOLDER, **options)
    ]


def examples(folder: Path, *, rate: int, share: float, count: int, seconds: float) -> list[NamedClip]:
    """Clips that show the style of a folder: of its files for training where there are such."""
    held_out, others = _split(folder, share)
    return _load(folder, others or held_out, rate=rate, count=count, seconds=seconds)


def unheard_clips(
    folder: Path, *, rate: int, count: int, shown: int, seconds: float, stereo: bool = False
) -> tuple[list[NamedClip], list[NamedClip]]:
    """Clips of a folder of which no training has heard a file, and examples of its style.

    The examples, ``shown`` at most, are of other files than the clips, where there are more than ``count``; otherwise
    every file is in both. The other parameters and errors are those of `held_out_clips`.
    """
    options, paths = {"rate": rate, "seconds": seconds}, _audio_of(folder)
    clips = _load(folder, paths, count=count, stereo=stereo, **options)
    chosen = {clip.name for clip in clips}
    others = [path for path in paths if _name(folder, path) not in chosen] if len(paths) > count else paths
    try:
        return clips, _load(folder, others, count=shown, **options)
    except MelganVcError:  # what is left is no usable audio
        return clips, _load(folder, paths, count=shown, **options)


def with_parallel(clips: Sequence[NamedClip], folder: Path, *, rate: int, seconds: float) -> list[NamedClip]:
    """Give clips the recordings of a folder that have their names: the same words or notes in the target style.

    A clip of the full length was probably cut, and a whole recording would not be parallel to a part: it gets none.

    Raises
    ------
    MelganVcError
        If no clip gets one.
    """
    paths = {_name(folder, path): path for path in _audio_of(folder)}
    found = [
        replace(clip, parallel=read(paths[clip.name], rate=rate, mono=True)[0])
        if clip.name in paths and len(clip.wave) < int(seconds * rate)
        else clip
        for clip in clips
    ]
    if all(clip.parallel is None for clip in found):
        raise MelganVcError(
            f"Expected recordings in {folder} with the names of the clips, received: {len(paths)} audio files, none "
            f"for a clip of less than {seconds:g} s. The clips are: {', '.join(clip.name for clip in clips)}"
        )
    return found


def _audio_of(folder: Path) -> list[Path]:
    paths = find_audio(folder)
    if not paths:
        raise MelganVcError(f"Expected a folder with audio files, received: {folder} (none found in it)")
    return paths


def _split(folder: Path, share: float) -> tuple[list[Path], list[Path]]:
    """The files that training holds out, and the others."""
    paths = _audio_of(folder)
    below = sum(name_hash(path) < share for path in paths)
    if share > 0 and below in (0, len(paths)):
        # Names alone do not decide, but which of the others training could use. Only small folders are like that.
        report = inspect_folders([folder], corpus=CorpusConfig(held_out=share), progress=False)[0]
        paths, held_out = [folder / file.path for file in report.files], [file.held_out for file in report.files]
    else:
        held_out = choose_held_out(paths, share=share)
    return tuple([path for path, out in zip(paths, held_out, strict=True) if out is side] for side in (True, False))


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).with_suffix("").as_posix()


def _load(
    folder: Path, paths: list[Path], *, rate: int, count: int, seconds: float, stereo: bool = False
) -> list[NamedClip]:
    """Long clips first, evenly spread over what there is; of few files, several clips each."""
    long, short = [], []
    for path in _spread(paths, 4 * count):
        try:
            channels, _ = read(path, rate=rate)
        except AudioFileError:
            continue  # as training does; its report says why
        wave = mono_mix(channels, rate)
        if not np.isfinite(wave).all() or not wave.any():
            continue
        both = channels if stereo and channels.shape[1] == 2 else None
        name = _name(folder, path)
        if len(wave) < SHORTEST_SECONDS * rate:
            short.append(NamedClip(name, wave, channels=both))
            continue
        pieces = _cut(len(wave), int(seconds * rate), most=-(-count // len(paths)))
        for number, piece in enumerate(pieces):
            part = NamedClip(f"{name}-{number}" if number else name, wave[piece])
            long.append(part if both is None else replace(part, channels=both[piece]))
    if not long and not short:
        raise MelganVcError(
            f"Expected audio files in {folder}, received: {len(paths)}, none of them usable: {paths[0].name}, ..."
        )
    return sorted(_spread(long or short, count), key=lambda clip: clip.name)


def _cut(length: int, samples: int, *, most: int) -> list[slice]:
    """Up to ``most`` pieces of so many samples, at even distances and without overlap."""
    starts = _spread(list(range(0, max(length - samples, 0) + 1, samples)), most)
    return [slice(start, start + samples) for start in starts]


def _spread(items: list, count: int) -> list:
    """At most ``count`` of the items, at even distances."""
    if len(items) <= count:
        return items
    return [items[index] for index in np.linspace(0, len(items) - 1, count).round().astype(int)]
