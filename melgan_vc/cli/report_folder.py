"""Where a report goes: beside the run that it is of, and never in place of another unasked."""

from collections.abc import Mapping
from pathlib import Path

from melgan_vc.atomic import replacing
from melgan_vc.errors import MelganVcError

REPORTS = ("report.json", "report.html", "report.md")


def report_folder(output: Path | None, *, name: str, run: Path, force: bool) -> Path:
    """The folder of a report, which need not exist.

    Parameters
    ----------
    output : Path or None
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
    from melgan_vc.pretrained.catalogue import model_names, vocoder_names

    shipped = name in model_names() + vocoder_names()
    output = output or (Path(name).name if shipped else run) / Path("evaluation")
    if output.exists() and not output.is_dir():
        raise MelganVcError(f"Expected a folder for --output, received: {output} (it is a file)")
    existing = [output / report for report in REPORTS if (output / report).exists()]
    if existing and not force:
        raise MelganVcError(f"Expected a new report, received: {existing[0]} exists. Add --force to replace it.")
    return output


def write_report(output: Path, texts: Mapping[str, str]) -> None:
    """Write the files of a report by name, and remove those of an evaluation that it replaces."""
    output.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        with replacing(output / name) as partial:
            partial.write_text(text, encoding="utf-8")
    for name in set(REPORTS) - set(texts):
        (output / name).unlink(missing_ok=True)
