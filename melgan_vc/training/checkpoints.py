"""The whole state of a training: nets, every optimizer, step, random state. Arrays and JSON, no pickle."""

import json
import zipfile
from pathlib import Path

import numpy as np

from melgan_vc.atomic import remove, replacing
from melgan_vc.errors import MelganVcError
from melgan_vc.training.trainer import Trainer


class Checkpoints:
    """The ``checkpoints/`` folder of a run.

    Each checkpoint is a folder ``step-00001000`` that appears whole or not at all; ``latest.json`` names the newest.

    Parameters
    ----------
    folder : Path
        Created with the first checkpoint.
    keep : int
        Newest checkpoints that are kept.
    """

    def __init__(self, folder: Path, *, keep: int):
        self.folder = folder
        self.keep = keep

    def save(self, trainer: Trainer, *, batches: int) -> Path:
        """Save the trainer's state.

        Parameters
        ----------
        trainer : Trainer
            What is saved.
        batches : int
            Batches drawn from the corpus so far: where to go on reading. More than steps after a rollback.
        """
        step = trainer.step
        place = self.folder / f"step-{step:08d}"
        with replacing(place) as partial:
            partial.mkdir()
            np.savez(partial / "state.npz", **_state(trainer))
            (partial / "progress.json").write_text(json.dumps({"step": step, "batches": batches}) + "\n")
        with replacing(self.folder / "latest.json") as partial:
            partial.write_text(json.dumps({"folder": place.name, "step": step}) + "\n")
        for old in self._all()[: -self.keep]:
            remove(old)
        return place

    def latest(self) -> Path | None:
        """The newest checkpoint, or None."""
        try:
            place = self.folder / json.loads((self.folder / "latest.json").read_text())["folder"]
            return place if place.is_dir() else self._newest()
        except (OSError, ValueError, KeyError, TypeError):
            return self._newest()

    def restore(self, trainer: Trainer, place: Path) -> int:
        """Bring the trainer to the state of a checkpoint; returns the batches drawn until then.

        Raises
        ------
        MelganVcError
            If the checkpoint is damaged, or of other networks.
        """
        try:
            batches = int(json.loads((place / "progress.json").read_text())["batches"])
            arrays = read_state(place)
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise MelganVcError(
                f"Expected a whole checkpoint, received: {place} ({error}). Remove that folder to go on from the "
                "one before."
            ) from None
        trainer.synchronise()
        variables = _variables(trainer)
        if all(name.isdigit() for name in arrays):  # of a version that saved by position
            arrays = dict(zip(variables, arrays.values(), strict=False)) if len(arrays) == len(variables) else arrays
        shapes = {name: tuple(variable.shape) for name, variable in variables.items()}
        if shapes != {name: array.shape for name, array in arrays.items()}:
            raise MelganVcError(
                f"Expected a checkpoint of the networks that config.json describes ({len(shapes)} arrays), received: "
                f"{place} ({len(arrays)} arrays, or other shapes). Was config.json changed? Start a new run."
            )
        for name, variable in variables.items():
            variable.assign(arrays[name])
        return batches

    def _all(self) -> list[Path]:
        return sorted(self.folder.glob("step-*"))

    def _newest(self) -> Path | None:
        return self._all()[-1] if self._all() else None


def read_state(place: Path) -> dict[str, np.ndarray]:
    """The arrays of a checkpoint by name, in order; those of networks are called ``player/network/number-name``."""
    with np.load(place / "state.npz", allow_pickle=False) as saved:
        return {name: saved[name] for name in saved.files}


def _variables(trainer: Trainer) -> dict:
    """Every variable that training reads: networks (trainable or not, seeds too), optimizers, batch counter."""
    named = dict(zip(trainer.names_of_variables(), trainer.variables_of_networks(), strict=True))
    return named | {f"optimizer/{index:04d}": v for index, v in enumerate(trainer.optimizer.variables)}


def _state(trainer: Trainer) -> dict[str, np.ndarray]:
    trainer.synchronise()
    return {name: np.array(variable) for name, variable in _variables(trainer).items()}
