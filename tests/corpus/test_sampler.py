"""Random crops: the same for a seed and step, and fair to every frame."""

import numpy as np
import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus.sampler import CropSampler
from melgan_vc.corpus.store import FrameStore
from melgan_vc.features.log_mel import LogMel


def sampler(stores, **settings):
    return CropSampler(stores, **{"length": 16, "batch_size": 8, "seed": 3, **settings})


def test_one_array_per_domain(make_store):
    store = make_store([100, 40])
    batch = sampler([store, store, store]).batch(0)
    assert [(b.shape, b.dtype) for b in batch] == [((8, 16, 8), np.float32)] * 3


def test_batch_is_a_function_of_seed_step_and_domain(make_store):
    store = make_store([1000, 400])
    first, second = sampler([store, store]).batch(7)
    again = sampler([store, store])
    again.batch(123)
    np.testing.assert_array_equal(again.batch(7)[0], first)
    assert not np.array_equal(first, second)
    assert not np.array_equal(again.batch(8)[0], first)
    assert not np.array_equal(sampler([store, store], seed=4).batch(7)[0], first)


def test_files_are_drawn_in_proportion_to_their_frames(make_store):
    draws = sampler([make_store([300, 100, 10])], batch_size=20000).positions(0, 0)
    shares = np.bincount(draws[0], minlength=3) / 20000
    np.testing.assert_allclose(shares, np.array([300, 100, 10]) / 410, atol=0.015)


def test_every_start_within_a_file_is_as_likely_as_any_other(make_store):
    _, starts = sampler([make_store([25])], batch_size=20000).positions(0, 0)
    counts = np.bincount(starts, minlength=10)
    assert len(counts) == 10  # 25 - 16 + 1
    np.testing.assert_allclose(counts / 20000, 0.1, atol=0.01)


def test_short_file_lies_whole_at_random_places_in_silence(make_store):
    crops = sampler([make_store([6])], batch_size=500).batch(0)[0]
    sounding = crops[:, :, 0] > -1.0
    assert np.all(sounding.sum(axis=1) == 6)
    assert set(sounding.argmax(axis=1)) == set(range(11))


def test_file_as_long_as_a_crop(make_store):
    crops = sampler([make_store([16])]).batch(0)[0]
    assert np.all(crops > -1.0)


def test_domain_without_features_is_refused(make_store):
    with pytest.raises(ValueError, match="domain 1 is empty"):
        sampler([make_store([16]), FrameStore([], [LogMel(MelConfig())])])
