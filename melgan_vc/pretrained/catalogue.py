"""The models that ship: their names, what they are, and where ``--model`` finds them."""

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from melgan_vc.config.method_folders import method_names, method_traits
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.runs.run_files import RunFiles


class ModelFiles(RunFiles):
    """Where things are in a stripped run folder: two files more than in any other."""

    def __init__(self, path: Path):
        super().__init__(path)
        self.description = self.path / "model.json"
        self.evaluation = self.path / "evaluation.json"


@dataclass(frozen=True)
class ModelDescription:
    """A line about a model.

    Attributes
    ----------
    name : str
        Name of its folder, which ``--model`` takes.
    task : str
        What it converts, in a line; from ``model.json``, empty if nobody has said it.
    config : RunConfig
        Of the run.
    size : int
        Of all its files, in bytes.
    """

    name: str
    task: str
    config: RunConfig
    size: int


def shipped_folder() -> Path:
    """The folder of the models that ship, wherever the package is installed."""
    return Path(str(resources.files("melgan_vc.pretrained")))


def model_names(root: Path | None = None) -> list[str]:
    """Names of the models that ship and convert, in alphabetical order.

    Parameters
    ----------
    root : Path or None
        A folder of models other than the package's own.
    """
    return [name for name, kind in _kinds(root).items() if kind != "vocoder"]


def vocoder_names(root: Path | None = None) -> list[str]:
    """The same of the vocoders."""
    return [name for name, kind in _kinds(root).items() if kind == "vocoder"]


def _kinds(root: Path | None) -> dict[str, str]:
    """What everything that ships is good for, by name; empty where a config does not tell."""
    files = sorted((root or shipped_folder()).glob("*/config.json"), key=lambda file: file.parent.name)
    return {file.parent.name: _kind(file) for file in files if not file.parent.name.startswith(".")}


def _kind(file: Path) -> str:
    try:
        name = json.loads(file.read_text(encoding="utf-8"))["method"]["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # whoever loads it says what is wrong
    return method_traits(name).kind if name in method_names() else ""


def describe(folder: Path) -> ModelDescription:
    """Name, task, configuration and size of a model.

    Raises
    ------
    MelganVcError
        If its ``config.json`` is not valid, or its ``model.json`` is no JSON object with a task.
    """
    files = ModelFiles(folder)
    task = ""
    if files.description.exists():
        try:
            task = str(json.loads(files.description.read_text(encoding="utf-8"))["task"])
        except (OSError, ValueError, KeyError, TypeError):
            raise MelganVcError(
                f'Expected {files.description} to hold {{"task": "..."}}, received: something else. '
                "Export the model again, or install the package again."
            ) from None
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return ModelDescription(folder.absolute().name, task, files.load_config(), size)


def find_model(text: str, root: Path | None = None) -> Path:
    """The run folder that a user means: a path, or the name of a model that ships.

    A run folder at the path ``text`` wins over a shipped model of that name; ``./NAME`` is always a path. A folder
    that is no run folder does not win.

    Parameters
    ----------
    text : str
        As the user wrote it.
    root : Path or None
        A folder of models other than the package's own.

    Raises
    ------
    MelganVcError
        If it is neither; the message lists the models that ship.
    """
    path, names = Path(text), model_names(root)
    if RunFiles(path).config_file.is_file():
        return path
    if text in names or text in vocoder_names(root):  # what a vocoder is for, whoever loads it says
        return (root or shipped_folder()) / text
    if path.exists():
        return path  # whoever reads it says what it lacks
    shipped = f"Models that ship: {', '.join(names)}" if names else "No models ship with this version"
    raise MelganVcError(
        f"Expected a run folder or a model's name, received: {text} (it does not exist). "
        f"{shipped}{did_you_mean(text, names)}"
    )
