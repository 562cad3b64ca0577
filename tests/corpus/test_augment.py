"""SpecAugment's masks on the training feed."""

import importlib.util
import sys

import numpy as np
import pytest

from melgan_vc.corpus import augment
from melgan_vc.corpus.augment import SpecAugment
from melgan_vc.errors import MelganVcError

needs_tensorflow_io = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow_io") is None, reason="tensorflow-io is not installed"
)


def crops(batch=64, length=40, n_mels=20):
    return np.random.default_rng(0).uniform(-0.9, 0.9, (batch, length, n_mels)).astype(np.float32)


@needs_tensorflow_io
def test_a_band_and_a_stretch_become_silence_and_the_rest_stays():
    before = crops()
    (after,) = SpecAugment(6, 12, seed=0, n_mels=20)((before,), 0)
    silent = after == -1.0
    np.testing.assert_allclose(after[~silent], before[~silent], atol=1e-6)
    bands, frames = silent.all(axis=1), silent.all(axis=2)
    np.testing.assert_array_equal(silent, bands[:, None, :] | frames[:, :, None])
    assert set(bands.sum(axis=1)) == set(range(6))
    assert set(frames.sum(axis=1)) == set(range(12))
    for mask in [*bands, *frames]:
        assert np.abs(np.diff(np.pad(mask.astype(int), 1))).sum() <= 2  # one run


@needs_tensorflow_io
def test_same_seed_and_step_give_the_same_masks():
    batch = (crops(4), crops(4))
    first = SpecAugment(6, 12, seed=0, n_mels=20)(batch, 5)
    again = SpecAugment(6, 12, seed=0, n_mels=20)(batch, 5)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first[0], first[1])
    assert not np.array_equal(first, SpecAugment(6, 12, seed=0, n_mels=20)(batch, 6))
    assert not np.array_equal(first, SpecAugment(6, 12, seed=1, n_mels=20)(batch, 5))


@needs_tensorflow_io
def test_features_beside_the_log_mel_are_left_as_they_are():
    before = crops()
    (after,) = SpecAugment(6, 12, seed=0, n_mels=16)((before,), 0)
    np.testing.assert_array_equal(after[:, :, 16:], before[:, :, 16:])
    assert (after[:, :, :16] == -1.0).any()


@needs_tensorflow_io
def test_zero_masks_nothing():
    (after,) = SpecAugment(0, 0, seed=0, n_mels=20)((crops(),), 0)
    np.testing.assert_allclose(after, crops(), atol=1e-6)


def test_missing_package_is_named_with_the_line_that_installs_it(monkeypatch):
    augment._tensorflow_io.cache_clear()
    monkeypatch.setitem(sys.modules, "tensorflow_io", None)
    with pytest.raises(MelganVcError, match=r"pip install --no-deps tensorflow-io"):
        SpecAugment(6, 12, seed=0, n_mels=20)
    augment._tensorflow_io.cache_clear()
