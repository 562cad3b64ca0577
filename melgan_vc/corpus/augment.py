"""Optional augmentation of the training feed: SpecAugment's masks, with tensorflow-io's audio operations."""

import warnings
from functools import lru_cache

import numpy as np

from melgan_vc.audio.mel import SILENCE
from melgan_vc.errors import MelganVcError

INSTALL = "pip install --no-deps tensorflow-io==0.37.1"


class SpecAugment:
    """Silence a random band of frequencies and a random stretch of time in every crop.

    After Park et al. 2019, "SpecAugment", without the time warp: one frequency mask and one time mask a
    crop, with `tfio.audio.freq_mask` and `tfio.audio.time_mask`. What is drawn is a pure function of seed
    and step.

    Parameters
    ----------
    freq_mask : int
        A frequency mask is narrower than this many mel bands; 0 or 1 for none.
    time_mask : int
        A time mask is shorter than this many frames; 0 or 1 for none.
    seed : int
        Non-negative.
    n_mels : int
        Columns of a crop that are its log-mel; features that come after them are left as they are.

    Raises
    ------
    MelganVcError
        If TensorFlow or tensorflow-io is not installed.
    """

    def __init__(self, freq_mask: int, time_mask: int, *, seed: int, n_mels: int):
        self.freq_mask = freq_mask
        self.time_mask = time_mask
        self.seed = seed
        self.n_mels = n_mels
        _tensorflow_io()

    def __call__(self, batches: tuple[np.ndarray, ...], step: int) -> tuple[np.ndarray, ...]:
        """Mask one batch ``(batch, length, columns)``, float32, per domain; new arrays of the same shapes.

        What is not crops, as the names of domains, stays as it is.
        """
        return tuple(
            self._mask(batch, np.random.default_rng([self.seed, step, domain])) if batch.ndim == 3 else batch
            for domain, batch in enumerate(batches)
        )

    def _mask(self, batch: np.ndarray, draw: np.random.Generator) -> np.ndarray:
        crops, length, _ = batch.shape
        n_mels = self.n_mels
        bands = draw.integers(max(1, min(self.freq_mask, n_mels)), size=crops)
        frames = draw.integers(max(1, min(self.time_mask, length)), size=crops)
        draws = (bands, draw.integers(n_mels - bands), frames, draw.integers(length - frames))
        masks = _mask_function(n_mels)
        masked = [masks(crop[:, :n_mels], *values) for crop, *values in zip(batch, *draws, strict=True)]
        return np.concatenate([np.stack(masked), batch[:, :, n_mels:]], axis=2)


@lru_cache(maxsize=1)
def _tensorflow_io():
    """TensorFlow and tensorflow-io, without the latter's warnings.

    Its native library does not load beyond TensorFlow 2.16 and says so at length; the audio operations
    used here are written in Python and need none.
    """
    try:
        import tensorflow as tf

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import tensorflow_io as tfio

            tfio.audio.freq_mask  # noqa: B018 - the operations load on first use
    except ImportError as error:
        raise MelganVcError(
            "Expected tensorflow and tensorflow-io for the augmentation of the training feed, received: "
            f"{error}. Install them ({INSTALL}) or switch the augmentation off."
        ) from error
    return tf, tfio


@lru_cache(maxsize=8)
def _mask_function(n_mels: int):
    """``(crop, bands, first_band, frames, first_frame) -> crop``, masked with silence.

    tensorflow-io draws where to mask by itself. Seeding it would take `tf.random.set_seed`, which empties
    TensorFlow's cache of compiled kernels: measured, that makes each step of training 6 times slower.
    So its four draws are cut out of the traced graph and become arguments.
    """
    tf, tfio = _tensorflow_io()

    def mask(crop):
        # The masks write 0, so silence has to be 0 for as long. What is drawn is discarded.
        audible = tfio.audio.time_mask(tfio.audio.freq_mask(crop - SILENCE, 2), 2)
        return audible + SILENCE

    with tf.device("CPU:0"):
        traced = tf.compat.v1.wrap_function(mask, [tf.TensorSpec((None, n_mels), tf.float32)])
        draws = [op.outputs[0] for op in traced.graph.get_operations() if op.type == "RandomUniformInt"]
        assert len(draws) == 4, "tensorflow-io's masks no longer draw a width and a place each"
        pruned = traced.prune([traced.inputs[0], *draws], traced.outputs[0])

    def masked(crop: np.ndarray, *values: int) -> np.ndarray:
        with tf.device("CPU:0"):
            return pruned(tf.constant(crop), *(tf.constant(int(v), tf.int32) for v in values)).numpy()

    return masked
