"""The recogniser that ships: four layers of Whisper-base's encoder in four bits a weight."""

import io
from collections.abc import Mapping

import numpy as np

from melgan_vc.engine.shipped_file import shipped_file
from melgan_vc.features.whisper.four_bits import FourBits

SHA256 = "ce4f682ac4ce2cf9866460eebfa602dfd8b41e25a20a37c1f321e4c7d1ff83dd"
"""Of the file that ships, which decides the numbers of what is heard with it."""

_FILE = "encoder.npz"
_PART = ":"  # between the name of a matrix and that of its part
_SHAPE = f"{_PART}shape"


def encoder_weights() -> dict[str, np.ndarray]:
    """The weights of four layers of Whisper-base's encoder [1]_, float32, by their names in CTranslate2's format.

    They ship with the package: kernels in four bits a weight, quantised by ``datasets/compact_recogniser.py``, the
    others in half precision. Nothing is read as weights before the file's hash is known to be right.

    Returns
    -------
    dict of str to np.ndarray
        ``"encoder/conv1/weight"`` and 51 others; a kernel is ``(out, in, width)`` or ``(out, in)``.

    Raises
    ------
    MelganVcError
        If the file is missing or another than that which ships.

    References
    ----------
    .. [1] A. Radford et al., "Robust speech recognition via large-scale weak supervision", ICML 2023.
    """
    return unpacked(shipped_file(__package__, _FILE, SHA256))


def packed(weights: Mapping[str, np.ndarray | FourBits], shapes: Mapping[str, tuple[int, ...]]) -> bytes:
    """A file of arrays by name, in half precision, and of matrices in four bits, of these shapes once unpacked."""
    arrays = {}
    for name, array in weights.items():
        if isinstance(array, FourBits):
            arrays |= {f"{name}{_PART}{part}": value for part, value in array._asdict().items()}
            arrays[name + _SHAPE] = np.array(shapes[name], np.int32)
        else:
            arrays[name] = np.asarray(array, np.float16)
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def unpacked(data: bytes) -> dict[str, np.ndarray]:
    """The arrays of a file of `packed`, float32, each in its shape."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        whole = {name: arrays[name].astype(np.float32) for name in arrays.files if _PART not in name}
        for name in [name.removesuffix(_SHAPE) for name in arrays.files if name.endswith(_SHAPE)]:
            parts = FourBits(*(arrays[f"{name}{_PART}{part}"] for part in FourBits._fields))
            whole[name] = parts.matrix().reshape(arrays[name + _SHAPE])
    return whole
