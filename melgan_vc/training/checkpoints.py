"""The whole state of a training: nets, every optimizer, step, random state. Arrays and JSON, no pickle."""

import json
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from melgan_vc.atomic import remove, replacing
from melgan_vc.errors import MelganVcError
from melgan_vc.runs.checkpoint_files import (
    PROGRESS,
    STATE,
    WEIGHTS,
    checkpoint_folders,
    newest_whole,
    read_checkpoint,
    write_checksums,
)
from melgan_vc.runs.weights_file import write_weights
from melgan_vc.training.trainer import Trainer


class Checkpoints:
    """The ``checkpoints/`` folder of a run.

    Each checkpoint is a folder ``step-00001000`` that appears whole or not at all, and carries the checksums of what
    is in it; ``latest.json`` names the newest for people and scripts.

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
        self._saved: tuple[int, int] | None = None

    def save(self, trainer: Trainer, *, batches: int, network: keras.Model | None = None) -> Path:
        """Save the trainer's state, unless that is what was saved last.

        Parameters
        ----------
        trainer : Trainer
            What is saved.
        batches : int
            Batches drawn from the corpus so far: where to go on reading. More than steps after a rollback.
        network : keras.Model, optional
            What conversion uses at this step; with it, a run whose weights are lost can still be converted with.
        """
        step = trainer.step
        place = self.folder / f"step-{step:08d}"
        if self._saved == (step, batches) and place.is_dir():
            return place
        with replacing(place) as partial:
            partial.mkdir()
            np.savez(partial / STATE, **_state(trainer))
            (partial / PROGRESS).write_text(json.dumps({"step": step, "batches": batches}) + "\n")
            if network is not None:
                write_weights(network, partial / WEIGHTS)
            write_checksums(partial)
        self._saved = step, batches
        with replacing(self.folder / "latest.json") as partial:
            partial.write_text(json.dumps({"folder": place.name, "step": step}) + "\n")
        # Later ones are damaged, or of a training that began again: this one goes on from before them.
        kept = [folder for folder in checkpoint_folders(self.folder) if folder.name <= place.name][: self.keep]
        for folder in checkpoint_folders(self.folder):
            if folder not in kept:
                remove(folder)
        return place

    def latest(self, say: Callable[[str], None] = lambda line: None) -> Path | None:
        """The newest checkpoint that is whole, or None; ``say`` is given a line if newer ones are damaged.

        Raises
        ------
        MelganVcError
            If all are damaged.
        """
        return newest_whole(self.folder, say=say)

    def restore(self, trainer: Trainer, place: Path) -> int:
        """Bring the trainer to the state of a checkpoint; returns the batches drawn until then.

        Raises
        ------
        MelganVcError
            If the checkpoint is damaged, of other networks, or of weights that are not finite.
        """
        arrays, batches = read_checkpoint(place)
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
        if not all(np.isfinite(arrays[name]).all() for name in trainer.names_of_variables()):
            raise MelganVcError(
                f"Expected a checkpoint of finite weights, received: {place}, some of whose numbers are NaN or "
                "infinite. Remove that folder to go on from the one before."
            )
        for name, variable in variables.items():
            variable.assign(arrays[name])
        return batches


def _variables(trainer: Trainer) -> dict:
    """Every variable that training reads: networks (trainable or not, seeds too), optimizers, batch counter."""
    named = dict(zip(trainer.names_of_variables(), trainer.variables_of_networks(), strict=True))
    return named | {f"optimizer/{index:04d}": v for index, v in enumerate(trainer.optimizer.variables)}


def _state(trainer: Trainer) -> dict[str, np.ndarray]:
    trainer.synchronise()
    return {name: np.array(variable) for name, variable in _variables(trainer).items()}
