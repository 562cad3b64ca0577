"""CTranslate2's file of weights: arrays by name, and nothing that could run."""

import struct
from collections.abc import Iterator
from math import prod

import numpy as np

_VERSION = 6
_DTYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


def read_variables(data: bytes) -> Iterator[tuple[str, np.ndarray]]:
    """Names and arrays of a file of CTranslate2 [1]_, version 6 of its format.

    It holds its version, the name and the revision of what the weights are of, the number of variables, and of each
    its name, rank, shape, type, size in bytes, and numbers. All is little-endian. A zero ends each name
    and is counted with it.

    Parameters
    ----------
    data : bytes
        The file.

    Yields
    ------
    tuple of str and np.ndarray
        A name, and a read-only view into ``data``.

    Raises
    ------
    ValueError
        If the bytes are no such file, or end too early.

    References
    ----------
    .. [1] ``python/ctranslate2/specs/model_spec.py`` of OpenNMT's CTranslate2.
    """
    view, place = memoryview(data), 0

    def take(size: int) -> memoryview:
        nonlocal place
        if size > len(view) - place:
            raise ValueError(f"Expected {size} bytes at byte {place}, received: {len(view) - place}, then the end")
        place += size
        return view[place - size : place]

    def number(kind: str) -> int:
        return struct.unpack(kind, take(struct.calcsize(kind)))[0]

    def text() -> str:
        return bytes(take(number("<H")))[:-1].decode()

    if (version := number("<I")) != _VERSION:
        raise ValueError(f"Expected a file of CTranslate2 of version {_VERSION}, received: version {version}")
    text(), number("<I")
    for _ in range(number("<I")):
        name = text()
        shape = [number("<I") for _ in range(number("<B"))]
        dtype, size = _DTYPES.get(kind := number("<B")), number("<I")
        if dtype is None or size != prod(shape) * np.dtype(dtype).itemsize:
            raise ValueError(
                f"Expected {name!r} to have numbers of a known type, as many as its shape, received: type {kind}, "
                f"shape {shape}, {size} bytes"
            )
        yield name, np.frombuffer(take(size), dtype).reshape(shape)
