"""Take the weights of basic-pitch's network, which hears notes, out of its ONNX file.

    python datasets/compact_transcriber.py --out melgan_vc/features/transcriber/weights.npz

The published file (230 kB, Apache-2.0) is fetched with its package and checked by its hash.
"""

import argparse
import hashlib
import io
from pathlib import Path

import numpy as np
from framework import MelganVcError
from private_packages import use_private_packages
from recipe import run_recipe

PUBLISHED = "2c3c1d144bfa61ad236e92e169c13535c880469a12a047d4e73451f2c059a0ec"
"""SHA-256 of the published file."""

PACKAGE = "basic-pitch==0.4.0"
_FILE = "basic_pitch/saved_models/icassp_2022/nmp.onnx"
_ONNX = ("onnx==1.23.2", "ml_dtypes", "protobuf")


def main() -> None:
    """Write the file, and say its hash."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    parser.add_argument("--cache", type=Path, default=Path("data/.cache"), help="folder for downloads")
    options = parser.parse_args()
    from melgan_vc.atomic import replacing

    folder = use_private_packages((PACKAGE, *_ONNX), options.cache)
    published = (folder / _FILE).read_bytes()
    if (found := hashlib.sha256(published).hexdigest()) != PUBLISHED:
        raise MelganVcError(
            f"Expected {folder / _FILE} with the SHA-256 {PUBLISHED[:12]}..., received: {found[:12]}... "
            "Delete that folder and run the recipe again."
        )
    file = io.BytesIO()
    np.savez_compressed(file, **weights_of(published))
    with replacing(options.out) as new:
        new.write_bytes(file.getvalue())
    print(f"{options.out}: {len(file.getvalue())} bytes, SHA-256 {hashlib.sha256(file.getvalue()).hexdigest()}")


def weights_of(published: bytes) -> dict[str, np.ndarray]:
    """Kernels as Keras has them, ``(width, in, out)`` or ``(time, keys, in, out)``, by what they are for."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load_from_string(published).graph
    arrays = {entry.name: numpy_helper.to_array(entry) for entry in graph.initializer}
    found, negative = {}, {node.input[0] for node in graph.node if node.op_type == "Neg"}
    for node in graph.node:
        if node.op_type == "Conv":
            kernel, bias = arrays[node.input[1]], arrays[node.input[2]]
            part = _PARTS[kernel.shape]
            if part == "wave":  # the imaginary part is taken away
                part = "sine" if node.output[0] in negative else "cosine"
            found[f"{part}/kernel"] = kernel.transpose(2, 3, 1, 0)
            found[f"{part}/bias"] = bias
        elif node.op_type in ("Mul", "Add"):
            for name in node.input:
                if name in arrays and arrays[name].shape == (309, 1, 1):
                    found["scale"] = arrays[name].reshape(-1)
                elif name in arrays and arrays[name].shape == (1,):
                    found[{"Mul": "gain", "Add": "offset"}[node.op_type]] = arrays[name]
    return {name: np.asarray(array, np.float32) for name, array in found.items() if name.split("/")[0] in _KEPT}


_PARTS = {
    (36, 1, 1, 256): "wave",
    (1, 1, 1, 256): "low_pass",
    (8, 8, 3, 39): "contour_in",
    (1, 8, 5, 5): "contour",
    (32, 1, 7, 7): "note_in",
    (1, 32, 7, 3): "note",
    (32, 8, 5, 5): "onset_in",
    (1, 33, 3, 3): "onset",
}
"""What a convolution is for, by the shape of its kernel in the file."""

_KEPT = ("cosine", "sine", "low_pass", "scale", "gain", "offset", *list(_PARTS.values())[2:])


if __name__ == "__main__":
    run_recipe(main)
