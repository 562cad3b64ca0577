"""Whether a folder is one that a run has learned nothing from."""

from pathlib import Path

from melgan_vc.audio.files import find_audio
from melgan_vc.corpus.cache import content_digest
from melgan_vc.runs.run_files import RunFiles


def never_heard(folder: Path, run: Path) -> bool:
    """Whether no file of a folder is one of those that a run of voices was given, wherever these were.

    Only a run that learns from voices alone can be given a source that it knows nothing of. Of others, and where
    ``corpus.json`` does not tell what was learned from, the answer is False, so that files are held out by name.

    Parameters
    ----------
    folder : Path
        Of audio.
    run : Path
        A run folder.
    """
    files = RunFiles(run)
    if files.load_config().method.folders != "voices":
        return False
    known = {digest for audio in files.trained_on_audio() for digest in audio.digests}
    return bool(known) and known.isdisjoint(content_digest(path) for path in find_audio(folder))
