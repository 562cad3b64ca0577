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
            arrays = {f"{index:05d}": np.asarray(v) for index, v in enumerate(_state(trainer))}
            np.savez(partial / "state.npz", **arrays)
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
            with np.load(place / "state.npz", allow_pickle=False) as saved:
                arrays = [saved[name] for name in sorted(saved.files)]
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise MelganVcError(
                f"Expected a whole checkpoint, received: {place} ({error}). Remove that folder to go on from the "
                "one before."
            ) from None
        trainer.synchronise()
        variables = _variables(trainer)
        shapes, saved_shapes = [tuple(v.shape) for v in variables], [a.shape for a in arrays]
        if shapes != saved_shapes:
            raise MelganVcError(
                f"Expected a checkpoint of the networks that config.json describes ({len(shapes)} arrays), received: "
                f"{place} ({len(saved_shapes)} arrays, or other shapes). Was config.json changed? Start a new run."
            )
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array)
        return batches

    def _all(self) -> list[Path]:
        return sorted(self.folder.glob("step-*"))

    def _newest(self) -> Path | None:
        return self._all()[-1] if self._all() else None


def _variables(trainer: Trainer) -> list:
    """Every variable that training reads: networks (trainable or not, seeds too), optimizers, batch counter."""
    return [*trainer.variables_of_networks(), *trainer.optimizer.variables]


def _state(trainer: Trainer) -> list[np.ndarray]:
    trainer.synchronise()
    return [np.array(variable) for variable in _variables(trainer)]
