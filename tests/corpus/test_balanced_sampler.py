"""Batches of many domains: each as often as any other, however much audio it has."""

import numpy as np
import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus.balanced_sampler import BalancedSampler
from melgan_vc.corpus.store import FrameFile, FrameStore
from melgan_vc.features.log_mel import LogMel

FRAMES = (400, 40, 120)
"""Of each domain; every value of a domain's features is its number / 10."""


@pytest.fixture
def stores(tmp_path):
    found = []
    for domain, frames in enumerate(FRAMES):
        path = tmp_path / f"{domain}.npy"
        np.save(path, np.full((frames, 8), domain / 10.0, np.float16))
        found.append(
            FrameStore([FrameFile(path.with_suffix(".wav"), (path,), frames)], [LogMel(MelConfig(n_mels=8))])
        )
    return found


def sampler(stores, **settings):
    return BalancedSampler(stores, **{"length": 8, "batch_size": 8, "seed": 0, **settings})


def domain_of(windows):
    values = windows.reshape(len(windows), -1)
    assert np.ptp(values, axis=1).max() == 0.0, "a window is of one domain"
    return np.round(10 * values[:, 0]).astype(int)


def test_windows_are_of_their_domain_and_references_of_the_one_that_is_wanted(stores):
    for step in range(20):
        windows, domain, reference, wanted = sampler(stores).batch(step)
        assert windows.shape == reference.shape == (8, 8, 8) and windows.dtype == reference.dtype == np.float32
        np.testing.assert_array_equal(domain_of(windows), domain)
        np.testing.assert_array_equal(domain_of(reference), wanted)
        assert np.all(domain != wanted)


def test_every_domain_comes_as_often_in_a_batch_and_is_wanted_as_often_by_each_other(stores):
    pairs = np.zeros((3, 3), int)
    for step in range(300):
        _, domain, _, wanted = sampler(stores).batch(step)
        counts = np.bincount(domain, minlength=3)
        assert counts.max() - counts.min() <= 1
        np.add.at(pairs, (domain, wanted), 1)
    share = pairs / pairs.sum()
    assert np.all(np.diag(pairs) == 0)
    np.testing.assert_allclose(share[~np.eye(3, dtype=bool)], 1 / 6, atol=0.02)


def test_a_pure_function_of_seed_and_step(stores):
    one, again, later, other = (
        sampler(stores, seed=seed).batch(step) for seed, step in ((0, 3), (0, 3), (0, 4), (1, 3))
    )
    for array, same in zip(one, again, strict=True):
        np.testing.assert_array_equal(array, same)
    assert any(np.any(array != same) for array, same in zip(one, later, strict=True))
    assert any(np.any(array != same) for array, same in zip(one, other, strict=True))
