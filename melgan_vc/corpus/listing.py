"""What lies in a folder: audio files, and everything else."""

from pathlib import Path

from melgan_vc.audio.files import find_audio
from melgan_vc.corpus.report import SkippedFile


def list_folder(folder: Path) -> tuple[list[Path], list[SkippedFile]]:
    """The audio files in a folder and its subfolders, and what else is there (hidden files aside).

    Raises
    ------
    AudioFileError
        If there is no such folder; with the name of a neighbour that is spelt like it.
    """
    audio = find_audio(folder)
    known = set(audio)
    names = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path not in known]
    others = [
        SkippedFile(name.as_posix(), "not audio")
        for name in names
        if (folder / name).is_file() and not any(part.startswith(".") for part in name.parts)
    ]
    return audio, others
