"""Which file becomes which: a file, a folder, a glob, standard input."""

import difflib
import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from melgan_vc.audio.files import find_audio
from melgan_vc.audio.formats import EXTENSIONS, OUTPUT_FORMATS, output_format
from melgan_vc.errors import MelganVcError


@dataclass(frozen=True)
class Job:
    """One file to convert, and where to."""

    source: Path
    target: Path


def plan(inputs: Sequence[str], output: Path | None, *, extension: str | None = None) -> list[Job]:
    """Find the files that the inputs name, and a target for each.

    - A file ``song.mp3`` becomes ``song.converted.mp3`` beside it, or ``output``; if ``output`` is a folder (it
      exists as one, or has no audio extension), it becomes ``output/song.mp3``.
    - A folder ``songs`` becomes ``songs-converted``, or ``output``, with the same tree of files inside.
    - A glob is every file that it matches.

    Parameters
    ----------
    inputs : sequence of str
        Files, folders, globs.
    output : Path or None
        A file or folder for the results.
    extension : str, optional
        ``".flac"``, say, for all results. By default the input's, or ``.wav`` where it cannot be written.

    Raises
    ------
    MelganVcError
        If an input names nothing, or two files would become one.
    """
    jobs: list[Job] = []
    sources = [(Path(text), path) for text in inputs for path in _matches(text)]
    single = len(sources) == 1 and not sources[0][1].is_dir()
    for _, path in sources:
        if path.is_dir():
            root = output or path.with_name(f"{path.resolve().name}-converted")
            files = [file for file in find_audio(path) if not file.resolve().is_relative_to(root.resolve())]
            if not files:
                raise MelganVcError(f"Expected a folder with audio files, received: {path} (none found in it)")
            jobs += [Job(file, _renamed(root / file.relative_to(path), extension)) for file in files]
        elif output is None:
            jobs.append(Job(path, _renamed(path.with_name(f"{path.stem}.converted{path.suffix}"), extension)))
        elif single and not output.is_dir() and _means_a_file(output):
            output_format(output)
            jobs.append(Job(path, output))
        else:
            jobs.append(Job(path, _renamed(output / path.name, extension)))
    _refuse_collisions(jobs)
    return jobs


def _matches(text: str) -> list[Path]:
    """The paths that an input names. A file whose very name looks like a glob is taken as that file."""
    path = Path(text)
    if path.exists() or not glob.has_magic(text):
        return [path]
    found = sorted(Path(match) for match in glob.glob(text, recursive=True))
    if not found:
        raise MelganVcError(f"Expected a pattern that matches audio files, received: {text!r} (no match)")
    return found


def _means_a_file(output: Path) -> bool:
    """Whether a new name is a file's: it ends in an audio extension, be it mistyped or one that cannot be written."""
    extension = output.suffix.lower()
    return extension in EXTENSIONS or bool(difflib.get_close_matches(extension, OUTPUT_FORMATS, cutoff=0.75))


def _renamed(target: Path, extension: str | None) -> Path:
    if extension is None:
        extension = target.suffix if target.suffix.lower() in OUTPUT_FORMATS else ".wav"
    return target.with_suffix(extension)


def _refuse_collisions(jobs: list[Job]) -> None:
    seen: dict[Path, Path] = {}
    for job in jobs:
        if job.target in seen:
            raise MelganVcError(
                f"Expected a different output for each input, received: {seen[job.target]} and {job.source}, which "
                f"would both become {job.target}. Convert them into different folders."
            )
        seen[job.target] = job.source
