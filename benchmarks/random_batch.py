"""Batches of noise in the shapes that a training has."""

import numpy as np

from melgan_vc.config import RunConfig
from melgan_vc.methods import METHODS


def random_batch(config: RunConfig) -> tuple[np.ndarray, ...]:
    """What `Method.losses` takes: windows of two domains, or a vocoder's, and what the method adds to them."""
    method, mel, draw = METHODS[config.method.name], config.mel, np.random.default_rng(0)
    size, width = config.training.batch_size, config.method.width
    given = tuple(draw.uniform(-1.0, 1.0, (2, size, width, mel.n_mels)).astype(np.float32))
    if method.waveforms:
        shape = (1 + config.method.has_start, size, (width - 1) * mel.hop_length + mel.n_fft)
        given = (given[0], *(0.1 * draw.standard_normal(shape)).astype(np.float32))
    if method.mixed_batches:
        domain = np.arange(size, dtype=np.int32) % 2
        given = (given[0], domain, given[1], 1 - domain)
    augment = method.augmentation(config)
    return tuple(augment(given, 0) if augment else given)
