"""A voice that a model was adapted to, on disk: a few thousand numbers beside that model, and no other model."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Self

import numpy as np

from melgan_vc.atomic import replacing
from melgan_vc.config.json_file import read_json
from melgan_vc.errors import MelganVcError
from melgan_vc.runs.run_files import RunFiles


@dataclass(frozen=True)
class BaseModel:
    """The model that a voice belongs to.

    Attributes
    ----------
    model : str
        The name of one that ships, or the folder of a run.
    sha256 : str
        Of its weights: with any others the numbers of the voice mean nothing.
    """

    model: str
    sha256: str

    @classmethod
    def of(cls, run: Path) -> Self:
        """That of a run folder, or of a model that ships."""
        place = run.absolute()
        name = place.name if place.parent == _shipped() else str(place)
        return cls(name, _digest(RunFiles(run)))

    def folder(self) -> Path:
        """Where it is; raises a `MelganVcError` if it is there no longer, or is another now."""
        place = Path(self.model) if Path(self.model).is_absolute() else _shipped() / self.model
        if _digest(RunFiles(place)) != self.sha256:
            raise MelganVcError(
                f"Expected the model that the voice was adapted from, received: {place}, which was trained on, or is "
                "another, since. Adapt it again: melgan-vc adapt"
            )
        return place


def save_voice(folder: Path, base: BaseModel, numbers: Mapping[str, np.ndarray]) -> None:
    """Write what a voice is, in half precision, and of which model."""
    files, packed = RunFiles(folder), io.BytesIO()
    np.savez_compressed(packed, **{name: np.asarray(values, np.float16) for name, values in numbers.items()})
    with replacing(files.voice_file) as new:
        new.write_bytes(packed.getvalue())
    with replacing(files.base_file) as new:
        new.write_text(json.dumps(asdict(base), indent=2) + "\n", encoding="utf-8")


def load_voice(folder: Path) -> tuple[BaseModel, dict[str, np.ndarray]]:
    """What `save_voice` wrote, in single precision.

    Raises
    ------
    MelganVcError
        If a file is missing or damaged.
    """
    files = RunFiles(folder)
    try:
        base = BaseModel(**read_json(files.base_file))
        with np.load(files.voice_file, allow_pickle=False) as arrays:
            numbers = {name: arrays[name].astype(np.float32) for name in arrays.files}
    except (OSError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise MelganVcError(
            f"Expected {files.voice_file.name} and {files.base_file.name} in {folder} as melgan-vc adapt wrote them, "
            f"received: {error}"
        ) from None
    if not all(np.isfinite(values).all() for values in numbers.values()):
        raise MelganVcError(f"Expected finite numbers in {files.voice_file}, received: NaN or infinite ones")
    return base, numbers


def _shipped() -> Path:
    return Path(str(resources.files("melgan_vc.pretrained")))


def _digest(files: RunFiles) -> str:
    try:
        return hashlib.sha256(files.conversion_weights.read_bytes()).hexdigest()
    except OSError as error:
        raise MelganVcError(
            f"Expected the model that the voice was adapted from at {files.path}, received: {error}. The voice needs "
            "it where it was"
        ) from None
