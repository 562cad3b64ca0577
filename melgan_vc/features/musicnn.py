"""The musicnn taggers: what a piece of music sounds like, as tag probabilities and as an embedding."""

from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Literal, NamedTuple

import numpy as np

from melgan_vc.features.memo import memoized
from melgan_vc.features.packages import import_evaluator
from melgan_vc.features.waveforms import comparable

RATE, N_FFT, HOP_LENGTH, N_MELS = 16000, 512, 256, 96
PATCH_FRAMES = 187
"""Three seconds, the length that the networks were trained on."""

Network = Literal["MTT", "MSD"]
NETWORKS: tuple[Network, ...] = ("MTT", "MSD")
"""Trained on MagnaTagATune (knows 'classical') and on the Million Song Dataset (knows 'jazz')."""

_SILENT = 0.01  # largest log-mel of a silent patch: 60 dB below the loudest bands of music at this level
_BATCH_NORM_EPSILON = 1e-3  # the default of the TensorFlow 1 layers that the networks were built from


class Tagging(NamedTuple):
    """What a network says of each patch: ``(P, 50)`` probabilities and the ``(P, 200)`` penultimate layer."""

    probabilities: np.ndarray
    embeddings: np.ndarray


class Musicnn:
    """A musicnn network [1]_, its forward pass written out here: only data files of the package are used.

    Parameters
    ----------
    network : {'MTT', 'MSD'}
        Which of the two it is.
    patch_hop : int
        Frames (of 16 ms) from one patch of 187 to the next.

    Attributes
    ----------
    tags : tuple of str
        Names of the 50 probabilities.

    Raises
    ------
    MissingEvaluator
        If the package that holds the weights is not installed.

    References
    ----------
    .. [1] J. Pons and X. Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging",
       ISMIR late-breaking demo, 2019.
    """

    def __init__(self, network: Network, *, patch_hop: int = PATCH_FRAMES):
        self.tags = known_tags(network)
        self.patch_hop = patch_hop
        self._network: Network = network

    def __call__(self, wave: np.ndarray, rate: int) -> Tagging:
        """Tag a waveform ``(samples,)`` at ``rate`` Hz; no patches where there are not three seconds of sound."""
        return _tag(wave, rate, self._network, self.patch_hop)


@memoized  # by the function, not by an object: two metrics ask the same network
def _tag(wave: np.ndarray, rate: int, network: Network, patch_hop: int) -> Tagging:
    patches = log_mel_patches(wave, rate, hop=patch_hop)
    parts = [_forward(patches[start : start + 8], _weights(network)) for start in range(0, len(patches), 8)]
    if not parts:
        return Tagging(np.zeros((0, len(known_tags(network))), np.float32), np.zeros((0, 200), np.float32))
    return Tagging(*(np.concatenate(of_parts) for of_parts in zip(*parts, strict=True)))


def known_tags(network: Network) -> tuple[str, ...]:
    """The 50 tags of a network, in the order of its outputs."""
    return tuple(getattr(_configuration(), f"{network}_LABELS"))


def log_mel_patches(wave: np.ndarray, rate: int, *, hop: int = PATCH_FRAMES) -> np.ndarray:
    """Musicnn's input: ``log10(1 + 10000 mel)`` in patches of three seconds.

    Clips are brought to -20 dBFS first: a conversion keeps the level of its input, which is no part of its style. The
    package also rounds the mel to half precision, which overflows where a loud band exceeds 6.5; this does not.

    Returns
    -------
    np.ndarray
        Shape ``(P, 187, 96)``, float32. Silent patches are left out, and so is a last one that is not full.
    """
    librosa = import_evaluator("librosa", purpose="musicnn's spectrograms", install="librosa")
    wave = comparable(wave, rate, RATE, seconds=(PATCH_FRAMES - 1) * HOP_LENGTH / RATE)
    if wave is None:
        return np.zeros((0, PATCH_FRAMES, N_MELS), np.float32)
    mel = librosa.feature.melspectrogram(y=wave, sr=RATE, n_fft=N_FFT, hop_length=HOP_LENGTH, n_mels=N_MELS)
    log_mel = np.log10(1.0 + 10000.0 * mel.T, dtype=np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(log_mel, PATCH_FRAMES, axis=0)[::hop]
    patches = windows.transpose(0, 2, 1)
    return patches[patches.max(axis=(1, 2)) > _SILENT]


def _configuration() -> ModuleType:
    """The package's lists of tags: a module that imports nothing itself."""
    return import_evaluator(
        "musicnn.configuration", purpose="genre and FAD-musicnn", install="--no-deps musicnn==0.1.0"
    )


@lru_cache(maxsize=2)
def _weights(network: Network) -> dict[str, np.ndarray]:
    """The variables of a network by name."""
    import tensorflow as tf

    folder = Path(_configuration().__file__).parent
    # Its files are called ".index" and ".data-...": the prefix that names them is the folder and a slash. A reader
    # takes that as it is, where tf.train.load_checkpoint would look for a checkpoint *in* the folder.
    reader = tf.compat.v1.train.NewCheckpointReader(f"{folder / network}_musicnn/")
    names = (name for name in reader.get_variable_to_shape_map() if not name.startswith("beta"))
    return {name: reader.get_tensor(name) for name in names}


def _forward(patches: np.ndarray, weights: dict[str, np.ndarray]) -> Tagging:
    """Patches ``(B, 187, 96)`` through the network, in the package's order of layers."""
    import tensorflow as tf

    def layer(kind: str, index: int, variable: str) -> np.ndarray:
        return weights[f"{kind}_{index}/{variable}" if index else f"{kind}/{variable}"]

    def normalised(x: tf.Tensor, index: int) -> tf.Tensor:
        mean, variance, beta, gamma = (
            layer("batch_normalization", index, name) for name in ("moving_mean", "moving_variance", "beta", "gamma")
        )
        return tf.nn.batch_normalization(x, mean, variance, beta, gamma, _BATCH_NORM_EPSILON)

    def convolved(x: tf.Tensor, index: int) -> tf.Tensor:
        """(B, T, F, 1) to (B, T, F', channels): same in time, valid in frequency."""
        kernel = layer("conv2d", index, "kernel")
        before = (kernel.shape[0] - 1) // 2
        x = tf.pad(x, [[0, 0], [before, kernel.shape[0] - 1 - before], [0, 0], [0, 0]])
        x = tf.nn.relu(tf.nn.conv2d(x, kernel, 1, "VALID") + layer("conv2d", index, "bias"))
        return normalised(x, index + 1)

    def dense(x: tf.Tensor, index: int) -> tf.Tensor:
        return x @ layer("dense", index, "kernel") + layer("dense", index, "bias")

    x = normalised(tf.constant(patches)[..., None], 0)
    # Two timbral filters as tall as 0.4 and 0.7 of the spectrum, three rhythmic ones 128, 64 and 32 frames long.
    front = tf.concat([tf.reduce_max(convolved(x, index), axis=2) for index in range(5)], axis=2)
    middle = [front]
    for index in (5, 6, 7):
        x = convolved(middle[-1][..., None], index)[:, :, 0]
        middle.append(x if index == 5 else x + middle[-1])
    features = tf.concat(middle, axis=2)
    pooled = tf.stack([tf.reduce_max(features, axis=1), tf.reduce_mean(features, axis=1)], axis=2)
    pooled = normalised(tf.reshape(pooled, [len(patches), -1]), 9)
    embeddings = normalised(tf.nn.relu(dense(pooled, 0)), 10)
    return Tagging(tf.sigmoid(dense(embeddings, 1)).numpy(), embeddings.numpy())
