"""The weights of networks that ship, in eight bits each, with the settings that build the network."""

import io
import json
from collections.abc import Sequence

import numpy as np

_SETTINGS = "settings"
_SCALE = ":scale"
_MOST = 127


def packed(settings: dict, weights: Sequence[np.ndarray]) -> bytes:
    """A file of settings and weights: kernels as int8 with a scale for each output, the others in half precision."""
    arrays = {_SETTINGS: np.array(json.dumps(settings))}
    for number, weight in enumerate(weights):
        if weight.ndim < 2:
            arrays[str(number)] = weight.astype(np.float16)
            continue
        scale = (np.abs(weight).max(axis=tuple(range(weight.ndim - 1))) / _MOST).astype(np.float16)
        scale[scale == 0.0] = 1.0  # an output that hears nothing
        arrays[str(number)] = np.clip(np.round(weight / scale), -_MOST, _MOST).astype(np.int8)
        arrays[f"{number}{_SCALE}"] = scale
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def unpacked(data: bytes) -> tuple[dict, list[np.ndarray]]:
    """Settings, and weights in float32, of a file of `packed`."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        settings = json.loads(str(arrays[_SETTINGS]))
        names = sorted((name for name in arrays.files if name.isdigit()), key=int)
        weights = [arrays[name].astype(np.float32) for name in names]
        for number, name in enumerate(names):
            if name + _SCALE in arrays.files:
                weights[number] *= arrays[name + _SCALE].astype(np.float32)
    return settings, weights
