"""The weights of basic-pitch's network, and what it takes and gives."""

import io

import numpy as np

from melgan_vc.engine.shipped_file import shipped_file

SHA256 = "15d7bf2f5efa1099c7cf7cc07b582252415b2b893f764512981d7b4d3a4f5a0e"
"""Of the file of weights that ships."""

RATE, HOP_LENGTH = 22050, 256
WINDOW = 43844
"""Samples that the network takes at once, two seconds."""

FRAMES = 172
"""Frames of a window."""

KEYS = 88
"""From A0 up."""


def transcriber_weights() -> dict[str, np.ndarray]:
    """Kernels and biases by name.

    Raises
    ------
    MelganVcError
        If the file is missing or another than that which ships.
    """
    data = shipped_file(__package__, "weights.npz", SHA256)
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}
