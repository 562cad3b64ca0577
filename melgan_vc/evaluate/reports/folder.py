"""Where a report goes: beside the run that it is of, and never in place of another unasked."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from melgan_vc.atomic import replacing
from melgan_vc.errors import MelganVcError
from melgan_vc.pretrained.catalogue import model_names, vocoder_names

REPORTS = ("report.json", "report.html", "report.md")

Found = TypeVar("Found")


@dataclass(frozen=True)
class WrittenReport(Generic[Found]):
    """A finished evaluation whose report is written.

    Attributes
    ----------
    evaluation : Evaluation, ManyVoices or VocoderEvaluation
        What was measured; with clips of an `Evaluation` come their waveforms.
    folder : Path
        Where ``report.json``, ``report.md`` and of an `Evaluation` ``report.html`` lie.
    device : str
        What computed, and with which backend: ``"cpu (tensorflow)"``.
    """

    evaluation: Found
    folder: Path
    device: str


def report_folder(output: str | os.PathLike | None, *, name: str, run: Path, force: bool) -> Path:
    """The folder of a report, which need not exist.

    Parameters
    ----------
    output : path or None
        What the user asked for; ``RUN/evaluation`` by default, ``NAME/evaluation`` here of a model that ships.
    name : str
        The model as the user wrote it.
    run : Path
        Its run folder.
    force : bool
        An existing report may be replaced.

    Raises
    ------
    MelganVcError
        If it is a file, or holds a report that may not be replaced.
    """
    shipped = name in model_names() + vocoder_names()
    folder = Path(output or (Path(name).name if shipped else run) / Path("evaluation"))
    if folder.exists() and not folder.is_dir():
        raise MelganVcError(f"Expected a folder for --output, received: {folder} (it is a file)")
    existing = [folder / report for report in REPORTS if (folder / report).exists()]
    if existing and not force:
        raise MelganVcError(f"Expected a new report, received: {existing[0]} exists. Add --force to replace it.")
    return folder


def write_report(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files of a report by name, and remove those of an evaluation that it replaces."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        with replacing(folder / name) as partial:
            # The odd bytes of a name that is not UTF-8 become escapes, which JSON reads as what they were.
            partial.write_text(text, encoding="utf-8", errors="backslashreplace")
    for name in set(REPORTS) - set(texts):
        (folder / name).unlink(missing_ok=True)
