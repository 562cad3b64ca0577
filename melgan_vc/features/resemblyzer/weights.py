"""Where the weights of Resemblyzer's speaker embedder are found; the package is never imported."""

import hashlib
import importlib.util
from pathlib import Path

import numpy as np

from melgan_vc.features.packages import MissingEvaluator
from melgan_vc.features.resemblyzer.torch_file import tensors_in

SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
"""Of the one file of weights that figures come from."""

_HOW = "pip install --no-deps Resemblyzer==0.1.4"


def embedder_weights(*, purpose: str = "a second opinion on speaker similarity") -> dict[str, np.ndarray]:
    """The weights by torch's names, float32.

    The package needs torch and a compiler, so it is installed without what it depends on, and only its file is used.

    Raises
    ------
    MissingEvaluator
        If the package is not installed, or its file is not the one that figures come from.
    """
    found = importlib.util.find_spec("resemblyzer")
    file = Path(found.origin).parent / "pretrained.pt" if found and found.origin else None
    if file is None or not file.is_file():
        raise MissingEvaluator(
            f"Expected resemblyzer for {purpose}, received: it is not installed. Install it with: {_HOW}"
        )
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != SHA256:
        raise MissingEvaluator(
            f"Expected the weights of Resemblyzer with the SHA-256 {SHA256[:12]}..., received: {file}, with "
            f"{digest[:12]}...: damaged, or another version. Get them with: {_HOW} --force-reinstall"
        )
    return tensors_in(data, "model_state")
