"""The recipes are scripts, not a package: their folder goes on the import path, as it is when a recipe runs."""

import struct
import sys
from pathlib import Path

import numpy as np
import pytest

TESTS = Path(__file__).parent

sys.path[:0] = [str(TESTS.parents[1] / "datasets"), str(TESTS)]

_NUMBERS = {"float32": 0, "int8": 1, "int16": 2, "int32": 3, "float16": 4}


@pytest.fixture(scope="session")
def write_weights():
    """``write_weights(variables)``: arrays by name as CTranslate2 writes them, bytes."""

    def text(value: str) -> bytes:
        return struct.pack("<H", len(value.encode()) + 1) + value.encode() + b"\0"

    def call(variables: dict[str, np.ndarray]) -> bytes:
        data = struct.pack("<I", 6) + text("WhisperSpec") + struct.pack("<I", 3) + struct.pack("<I", len(variables))
        for name, array in variables.items():
            data += text(name) + struct.pack(f"<B{array.ndim}I", array.ndim, *array.shape)
            data += struct.pack("<BI", _NUMBERS[array.dtype.name], array.nbytes) + array.tobytes()
        return data

    return call
