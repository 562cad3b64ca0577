"""A folder of audio to memory-mapped features, and a report of what was found in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from melgan_vc.config.corpus import CorpusConfig
from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus.cache import CorpusCache
from melgan_vc.corpus.examine import Examiner
from melgan_vc.corpus.held_out import choose_held_out
from melgan_vc.corpus.listing import list_folder
from melgan_vc.corpus.parallel import for_each
from melgan_vc.corpus.report import FileReport, FolderReport, SkippedFile
from melgan_vc.corpus.store import FrameStore
from melgan_vc.errors import MelganVcError
from melgan_vc.features.log_mel import LogMel
from melgan_vc.features.registry import WAVEFORM, features_of


@dataclass(frozen=True)
class Domain:
    """One domain, ready to train on.

    Attributes
    ----------
    name : str
        Name of its folder.
    folder : Path
        The folder of audio.
    train : FrameStore
        What is trained on.
    held_out : FrameStore
        What never is; ``held_out.paths`` are its audio files. Empty for a very small folder.
    report : FolderReport
        What was found.
    """

    name: str
    folder: Path
    train: FrameStore
    held_out: FrameStore
    report: FolderReport


def prepare(
    folder: Path,
    *,
    mel: MelConfig,
    corpus: CorpusConfig,
    cache: Path,
    workers: int | None = None,
    progress: bool = True,
    needs: Sequence[str] = (),
) -> Domain:
    """Make the features of a folder of audio, or find them in the cache.

    Parameters
    ----------
    folder : Path
        Searched with its subfolders.
    mel : MelConfig
        The features.
    corpus : CorpusConfig
        Trimming, levelling, the held-out share.
    cache : Path
        A folder for measures and features, shared by all corpora and settings. It can be deleted.
    workers : int, optional
        Threads; by default as many as there are processors, 8 at most.
    progress : bool
        Whether to show a progress bar.
    needs : sequence of str
        Features to make beside the log-mel, by name; ``waveform`` keeps the sound itself.

    Returns
    -------
    Domain
        Two feature stores and the report.

    Raises
    ------
    MelganVcError
        If the folder does not exist or holds no usable file.
    """
    folder, store = Path(folder), CorpusCache(Path(cache))
    paths, others = list_folder(folder)
    features = (LogMel(mel), *features_of(needs, mel))
    examiner = Examiner(folder, mel, corpus, store, features, WAVEFORM in needs)
    try:
        results = for_each(examiner.tables, paths, description=folder.name, workers=workers, progress=progress)
    finally:
        store.save_hashes()
    report = _report(folder, [found for found, _ in results], others, mel=mel, corpus=corpus)
    files = [tables for _, tables in results if tables is not None]
    pairs = list(zip(files, report.files, strict=True))
    return Domain(
        name=folder.absolute().name,
        folder=folder,
        train=FrameStore([file for file, found in pairs if not found.held_out], features),
        held_out=FrameStore([file for file, found in pairs if found.held_out], features),
        report=report,
    )


def inspect_folders(
    folders: Sequence[Path],
    *,
    mel: MelConfig | None = None,
    corpus: CorpusConfig | None = None,
    cache: Path | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> list[FolderReport]:
    """Report on folders of audio without making their features.

    Parameters
    ----------
    folders : sequence of Path
        The folders.
    mel, corpus : MelConfig, CorpusConfig, optional
        The settings to report for; by default those of the classes.
    cache : Path, optional
        As for `prepare`, which then need not measure again; by default nothing is kept.
    workers, progress
        As for `prepare`.

    Raises
    ------
    MelganVcError
        If a folder does not exist or holds no usable file.
    """
    mel, corpus = mel or MelConfig(), corpus or CorpusConfig()
    store = CorpusCache(Path(cache)) if cache else None

    def inspect(folder: Path) -> FolderReport:
        paths, others = list_folder(folder)
        examiner = Examiner(folder, mel, corpus, store)
        found = for_each(examiner.report, paths, description=folder.name, workers=workers, progress=progress)
        return _report(folder, found, others, mel=mel, corpus=corpus)

    try:
        return [inspect(Path(folder)) for folder in folders]
    finally:
        if store:
            store.save_hashes()


def _report(
    folder: Path,
    found: list[FileReport | SkippedFile],
    others: list[SkippedFile],
    *,
    mel: MelConfig,
    corpus: CorpusConfig,
) -> FolderReport:
    """The folder's report, with the held-out files chosen; raises if there is no usable file."""
    files = [file for file in found if isinstance(file, FileReport)]
    skipped = [file for file in found if isinstance(file, SkippedFile)] + others
    held_out = choose_held_out([Path(file.path) for file in files], share=corpus.held_out)
    report = FolderReport(
        folder=str(folder),
        rate=mel.rate,
        fmax=mel.fmax,
        files=tuple(replace(file, held_out=out) for file, out in zip(files, held_out, strict=True)),
        skipped=tuple(skipped),
    )
    if not files:
        what = f"{len(skipped)} files, none usable: {report.skipped_sentence()}" if skipped else "it is empty"
        raise MelganVcError(f"Expected a folder with audio files, received: {folder} ({what})")
    return report
