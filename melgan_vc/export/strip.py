"""From a run folder to a model that can be shared: less to copy, nothing of the machine it was trained on."""

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import keras
import numpy as np

from melgan_vc.atomic import replacing
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.export.card import exported_card
from melgan_vc.export.half_precision import write_half_precision
from melgan_vc.methods.loading import load_network
from melgan_vc.methods.registry import method_class
from melgan_vc.pretrained.catalogue import ModelFiles
from melgan_vc.runs.run_folder import RunFolder


@dataclass(frozen=True)
class Exported:
    """What came of an export.

    Attributes
    ----------
    size : int
        Of all files, in bytes.
    difference : float
        Largest difference that half precision makes to a translated log-mel or, of a vocoder, to its waveform: the
        range of both is [-1, 1].
    """

    size: int
    difference: float


def export(
    run: Path, output: Path, *, task: str, evaluation: Path | None = None, overwrite: bool = False
) -> Exported:
    """Write a stripped copy of a run folder: config, float16 weights, model card, task and evaluation.

    Parameters
    ----------
    run : Path
        A run folder, or a model that was exported before.
    output : Path
        The folder to write; its name is the model's. It appears whole or not at all.
    task : str
        What the model converts, in a line; ``melgan-vc models`` shows it.
    evaluation : Path or None
        The JSON report of an evaluation; without one, the run's own ``evaluation.json`` if there is one. Of
        absolute paths in it only the last part is kept.
    overwrite : bool
        Replace a model that was exported before. Nothing else is ever replaced.

    Raises
    ------
    MelganVcError
        If the run cannot be converted with, its weights do not fit into float16, or ``output`` is taken.
    """
    source, task = RunFolder(run), task.strip()
    if not task or "\n" in task:
        raise MelganVcError(f"Expected a task of one line, such as 'Jazz to classical', received: {task!r}")
    _require_free(output, run, overwrite)
    if source.voice_file.is_file():
        raise MelganVcError(
            f"Expected a run to export, received: {run}, a voice of another model. It is small already: share "
            "the folder as it is, and the model beside it if that does not ship"
        )
    # Read before it is written: damage is found here, by those who have a sentence for it.
    (config, network), name = load_network(source), output.absolute().name
    report = _evaluation(run, evaluation)
    card = source.card.read_text(encoding="utf-8") if source.card.is_file() else ""
    with replacing(output) as partial:
        partial.mkdir()
        files = ModelFiles(partial)
        files.save_config(config)
        write_half_precision(source.conversion_weights, files.weights_file)
        files.card.write_text(exported_card(card, name=name, task=task), encoding="utf-8")
        _write_json(files.description, {"task": task})
        if report is not None:
            _write_json(files.evaluation, report)
        _, halved = load_network(RunFolder(partial))
        difference = _difference(config, network, halved)
    return Exported(sum(file.stat().st_size for file in output.iterdir()), difference)


def _difference(config: RunConfig, *networks: keras.Model) -> float:
    """How far apart what two networks make of the same random frames is at most."""
    made = [method_class(config).try_out(config, network) for network in networks]
    return max(float(np.abs(before - after).max()) for before, after in zip(*made, strict=True))


def _require_free(output: Path, run: Path, overwrite: bool) -> None:
    """Raise if something is at ``output`` that must not be replaced."""
    if not output.exists():
        return
    if output.resolve() == Path(run).resolve():
        raise MelganVcError(f"Expected --output other than the run itself, received: {output}")
    if not ModelFiles(output).description.is_file():
        # Replacing a folder removes it: a mistyped path must not cost somebody a run or a home directory.
        raise MelganVcError(
            f"Expected --output that does not exist, or a model that was exported before, received: {output}. "
            "Choose another folder, or remove that one yourself."
        )
    if not overwrite:
        raise MelganVcError(f"Expected --output that does not exist, received: {output}. Replace it with --force.")


def _evaluation(run: Path, chosen: Path | None) -> Any:
    """The report of an evaluation, without absolute paths; None if there is none."""
    path = chosen or ModelFiles(run).evaluation
    if chosen is None and not path.is_file():
        return None
    try:
        return _without_folders(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise MelganVcError(f"Expected a JSON report for --evaluation, received: {path} ({error})") from None


def _without_folders(value: Any) -> Any:
    """The last part of every string that is an absolute path, at any depth."""
    if isinstance(value, dict):
        return {_without_folders(key): _without_folders(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_folders(item) for item in value]
    if isinstance(value, str):
        for kind in (PurePosixPath, PureWindowsPath):
            path = kind(value)
            if path.is_absolute() and path.name:
                return path.name
    return value


def _write_json(path: Path, value: Any) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", errors="backslashreplace")
