"""Which file becomes which: a file, a folder, a glob, standard input."""

import difflib
import glob
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from melgan_vc.audio.files import find_audio
from melgan_vc.audio.formats import EXTENSIONS, OUTPUT_FORMATS, output_format
from melgan_vc.convert.streams import is_stream, output_name, why_not_streamed
from melgan_vc.errors import MelganVcError, what_failed


@dataclass(frozen=True)
class Job:
    """One file or stream to convert, and where to."""

    source: Path
    target: Path

    @property
    def picture(self) -> Path:
        """Where a picture of it goes."""
        return self.target.with_suffix(".png")


def plan(
    inputs: Sequence[str], output: Path | None, *, extension: str | None = None, pictures: bool = False
) -> list[Job]:
    """Find the files that the inputs name, and a target for each.

    - A file ``song.mp3`` becomes ``song.converted.mp3`` beside it, or ``output``; if ``output`` is a folder (it
      exists as one, or has no audio extension), it becomes ``output/song.mp3``.
    - A folder ``songs`` becomes ``songs-converted``, or ``output``, with the same tree of files inside.
    - A glob is every file that it matches.
    - A stream (``-``, or a pipe) becomes ``output``, or standard output; so does a file whose output is a stream.

    Parameters
    ----------
    inputs : sequence of str
        Files, folders, globs.
    output : Path or None
        A file or folder for the results.
    extension : str, optional
        ``".flac"``, say, for all results. By default the input's, or ``.wav`` where it cannot be written.
    pictures : bool
        A picture is drawn beside each: two that would have one picture are refused as two that would become one are.

    Raises
    ------
    MelganVcError
        If an input names nothing, two files would become one, a stream is not alone, or ``extension`` is other than
        that of the file which ``output`` names.
    """
    streams = [text for text in inputs if is_stream(text)]
    if streams and len(inputs) > 1:
        raise MelganVcError(f"Expected {streams[0]} alone, received: {streams[0]} beside other inputs")
    if streams:
        return [Job(Path(streams[0]), _output_of_a_stream(output, extension))]
    if output is not None and is_stream(output):
        return [Job(_only_file(inputs, output), output)]
    jobs: list[Job] = []
    sources = [(Path(text), path) for text in inputs for path in _matches(text)]
    single = len(sources) == 1 and not os.path.isdir(sources[0][1])
    for _, path in sources:
        if os.path.isdir(path):
            root = output or path.with_name(f"{path.resolve().name}-converted")
            files = [file for file in find_audio(path) if not file.resolve().is_relative_to(root.resolve())]
            if not files:
                raise MelganVcError(f"Expected a folder with audio files, received: {path} (none found in it)")
            jobs += [Job(file, _renamed(root / file.relative_to(path), extension)) for file in files]
        elif output is None:
            jobs.append(Job(path, _renamed(path.with_name(f"{path.stem}.converted{path.suffix}"), extension)))
        elif single and not os.path.isdir(output) and _means_a_file(output):
            jobs.append(Job(path, _agreeing(output, extension)))
        else:
            jobs.append(Job(path, _renamed(output / path.name, extension)))
    _refuse_collisions(jobs, [job.target for job in jobs])
    if pictures:
        _refuse_collisions(jobs, [job.picture for job in jobs])
    return jobs


def why_not(job: Job, *, overwrite: bool, picture: bool) -> str | None:
    """Why the result of a job, or its picture, cannot be written, as far as that is known before anything is read.

    Parameters
    ----------
    job : Job
        What is to be written where.
    overwrite : bool
        Existing files may be replaced.
    picture : bool
        A picture is to be drawn beside it.

    Returns
    -------
    str or None
        A sentence for the user; None if nothing stands in the way.
    """
    if reason := why_not_streamed(job.source, job.target):
        return reason
    if is_stream(job.target):
        name = f"received: {output_name(job.target)}"
        return f"Expected --output FILE with --picture, which is drawn beside it, {name}" if picture else None
    streamed = is_stream(job.source)
    if not streamed and not os.path.exists(job.source):
        return None  # whoever opens it says what there is instead
    try:
        if not streamed and job.target.exists() and job.target.samefile(job.source):
            return f"Expected an output other than the input, received: {job.target} for both"
        for place in [job.target, job.picture] if picture else [job.target]:
            if reason := _why_not_here(place, overwrite):
                return reason
    except OSError as error:
        return what_failed(error)
    return None


def _why_not_here(place: Path, overwrite: bool) -> str | None:
    """Why a file cannot be written; an `OSError` where its path is impossible."""
    try:
        found = os.stat(place)
    except FileNotFoundError:
        folder = next(parent for parent in place.absolute().parents if os.path.lexists(parent))
    else:
        if stat.S_ISDIR(found.st_mode):
            return f"Expected a file to write, received: {place} (it is a folder)"
        if not overwrite:
            return (
                f"Expected a new file, received: {place} (it exists already; choose another name, or replace it with "
                "--force)"
            )
        folder = place.absolute().parent
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"Expected a folder to write into, received: {folder} (there is no permission to write there)"
    return None


def _output_of_a_stream(output: Path | None, extension: str | None) -> Path:
    """Standard output unless told otherwise; there is no name that a file in a folder could be given."""
    if output is None:
        return Path("-")
    return output if is_stream(output) else _agreeing(output, extension)


def _only_file(inputs: Sequence[str], output: Path) -> Path:
    """The one file that goes to a stream."""
    found = [path for text in inputs for path in _matches(text)]
    if len(found) != 1 or os.path.isdir(found[0]):
        what = f"{len(found)} of them" if len(found) != 1 else f"{found[0]} (it is a folder)"
        raise MelganVcError(f"Expected one audio file for {output_name(output)}, received: {what}")
    return found[0]


def _agreeing(output: Path, extension: str | None) -> Path:
    """The file that is named, if its name means a format, and the one that is asked for."""
    output_format(output)
    if extension not in (None, output.suffix.lower()):
        raise MelganVcError(
            f"Expected --output to end in {extension}, as --format asks, received: {output}. Leave out one of them."
        )
    return output


def _matches(text: str) -> list[Path]:
    """The paths that an input names. A file whose very name looks like a glob is taken as that file."""
    path = Path(text)
    if os.path.exists(path) or not glob.has_magic(text):
        return [_file(text)]
    found = sorted(_file(match) for match in glob.glob(text, recursive=True))
    if not found:
        raise MelganVcError(f"Expected a pattern that matches audio files, received: {text!r} (no match)")
    return found


def _file(text: str) -> Path:
    """The path of a file, which ``-`` alone would not be: a file may be called so, and named as ``./-``."""
    path = Path(text)
    return path.absolute() if path == Path("-") else path


def _means_a_file(output: Path) -> bool:
    """Whether a new name is a file's: it ends in an audio extension, be it mistyped or one that cannot be written."""
    extension = output.suffix.lower()
    return extension in EXTENSIONS or bool(difflib.get_close_matches(extension, OUTPUT_FORMATS, cutoff=0.75))


def _renamed(target: Path, extension: str | None) -> Path:
    if extension is None:
        extension = target.suffix if target.suffix.lower() in OUTPUT_FORMATS else ".wav"
    return target.with_suffix(extension)


def _refuse_collisions(jobs: list[Job], places: list[Path]) -> None:
    seen: dict[Path, Path] = {}
    for job, place in zip(jobs, places, strict=True):
        if place in seen:
            raise MelganVcError(
                f"Expected a different output for each input, received: {seen[place]} and {job.source}, which "
                f"would both become {place}. Convert them into different folders."
            )
        seen[place] = job.source
