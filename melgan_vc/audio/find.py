"""Find the sound files of a folder."""

import os
from pathlib import Path

from melgan_vc.audio.formats import EXTENSIONS, AudioFileError, shown
from melgan_vc.errors import did_you_mean


def find_audio(folder: str | os.PathLike) -> list[Path]:
    """All files under `folder` with an extension of `EXTENSIONS`, sorted.

    Links are followed, and a folder that is reached twice is listed once, so that a loop of links ends.
    Files and folders whose name starts with a dot are left out.

    Raises
    ------
    AudioFileError
        When `folder` is missing or no folder, or when it or one below cannot be listed.
    """
    folder = Path(folder)
    if not folder.is_dir():
        siblings = [p.name for p in folder.parent.iterdir() if p.is_dir()] if folder.parent.is_dir() else []
        reason = "it is no folder" if folder.exists() else "it does not exist"
        raise AudioFileError(
            f"Expected a folder with audio files, received: {shown(folder)} "
            f"({reason}{did_you_mean(folder.name, siblings)})"
        )
    found, seen = [], set()
    for place, folders, files in os.walk(folder, followlinks=True, onerror=_cannot_list):
        status = os.stat(place)
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in files:
            if not name.startswith(".") and Path(name).suffix.lower() in EXTENSIONS:
                path = Path(place, name)
                if path.is_file():  # not a link to nowhere
                    found.append(path)
    return sorted(found)


def _cannot_list(error: OSError) -> None:
    raise AudioFileError(f"Could not list the folder {shown(error.filename)}: {error.strerror}")
