"""Batches of noise in the shapes that a training has."""

import numpy as np

from melgan_vc.methods.base import Method


def random_batch(method: Method) -> tuple[np.ndarray, ...]:
    """What its losses take: windows of two domains, or a vocoder's, and what the method adds to them."""
    settings, mel, draw = method.config.method, method.config.mel, np.random.default_rng(0)
    size = method.config.training.batch_size
    batch = tuple(draw.uniform(-1.0, 1.0, (2, size, settings.width, mel.n_mels)).astype(np.float32))
    if "waveform" in settings.needs:
        shape = (1 + settings.has_start, size, (settings.width - 1) * mel.hop_length + mel.n_fft)
        batch = (batch[0], *(0.1 * draw.standard_normal(shape)).astype(np.float32))
    if settings.folders == "named":
        domain = np.arange(size, dtype=np.int32) % 2
        batch = (batch[0], domain, batch[1], 1 - domain)
    for augment in method.augmentation(()):
        batch = augment(batch, 0)
    return batch
