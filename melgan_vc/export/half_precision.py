"""Weights on disk in half of the space: every float of an HDF5 file as float16."""

from pathlib import Path

import h5py
import numpy as np

from melgan_vc.atomic import reserve
from melgan_vc.errors import MelganVcError


def write_half_precision(source: Path, target: Path) -> None:
    """Copy a ``.weights.h5`` file with its floats in half precision; Keras loads it into float32 variables.

    A float16 keeps 11 significant bits and reaches 65504: what is below 6e-8 becomes zero, what is above cannot be
    stored. Integers stay as they are.

    Raises
    ------
    MelganVcError
        If a value does not fit into a float16, or is not a number.
    """

    def copy(name: str, node: h5py.Group | h5py.Dataset) -> None:
        if isinstance(node, h5py.Group):
            copied = written.require_group(name)
        else:
            copied = written.create_dataset(name, data=_halved(node[()], f"{source}, array {name}"))
        copied.attrs.update(node.attrs)

    reserve(target, source.stat().st_size)
    with h5py.File(source, "r") as weights, h5py.File(target, "w") as written:
        written.attrs.update(weights.attrs)
        weights.visititems(copy)


def _halved(values: np.ndarray, name: str) -> np.ndarray:
    """As float16, if they are floats and fit."""
    if not np.issubdtype(values.dtype, np.floating):
        return values
    with np.errstate(over="ignore"):
        halves = values.astype(np.float16)
    if not np.isfinite(halves).all():
        worst = values.flat[np.argmin(np.isfinite(halves))]
        raise MelganVcError(
            f"Expected weights within ±65504, the range of a float16, received: {worst:g} in {name}. "
            "The training has probably diverged: export an earlier run, or train with a lower learning rate."
        )
    return halves
