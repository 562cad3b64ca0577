"""Windows of any of several folders, and which it is."""

import numpy as np
import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus.labelled_sampler import LabelledSampler
from melgan_vc.corpus.store import FrameFile, FrameStore
from melgan_vc.features.log_mel import LogMel


@pytest.fixture
def stores(tmp_path):
    """Three folders of very different lengths; every value of one is its number / 10."""
    found = []
    for domain, frames in enumerate((900, 40, 120)):
        path = tmp_path / f"{domain}.npy"
        np.save(path, np.full((frames, 8), domain / 10.0, np.float16))
        file = FrameFile(path.with_suffix(".wav"), (path,), frames)
        found.append(FrameStore([file], [LogMel(MelConfig(n_mels=8))]))
    return found


def sampler(stores, **settings):
    return LabelledSampler(stores, **{"length": 8, "batch_size": 8, "seed": 0, **settings})


def test_a_window_is_of_its_folder_and_each_comes_as_often_however_long_it_is(stores):
    counts = np.zeros(3, int)
    for step in range(30):
        windows, domain = sampler(stores).batch(step)
        assert windows.shape == (8, 8, 8) and windows.dtype == np.float32 and domain.dtype == np.int32
        np.testing.assert_allclose(windows, np.broadcast_to(domain[:, None, None] / 10.0, windows.shape), atol=1e-3)
        found = np.bincount(domain, minlength=3)
        assert np.ptp(found) <= 1
        counts += found
    assert np.ptp(counts) < 20


def test_a_pure_function_of_seed_step_and_stream(stores):
    class Other(LabelledSampler):
        stream = 1

    one, again, later, seeded = (
        sampler(stores, seed=seed).batch(step)[1] for seed, step in ((0, 3), (0, 3), (0, 4), (1, 3))
    )
    other = Other(stores, length=8, batch_size=8, seed=0).batch(3)[1]
    np.testing.assert_array_equal(one, again)
    for different in (later, seeded, other):
        assert np.any(one != different)
