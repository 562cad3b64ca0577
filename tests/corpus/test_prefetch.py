"""Batches from the background: in order, endless, and gone when closed."""

import threading

import numpy as np
import pytest

from melgan_vc.corpus.prefetch import prefetch
from melgan_vc.corpus.sampler import CropSampler


@pytest.fixture
def sampler(make_store):
    return CropSampler([make_store([100])], length=8, batch_size=2, seed=0)


def prefetch_threads():
    return [thread for thread in threading.enumerate() if thread.name == "prefetch"]


def test_batches_come_in_order_from_the_first_step(sampler):
    batches = prefetch(sampler, 5, depth=2)
    for step, (crops,) in zip(range(5, 15), batches, strict=False):
        np.testing.assert_array_equal(crops, sampler.batch(step)[0])
    batches.close()


def test_closing_ends_the_thread_and_the_batches(sampler):
    batches = prefetch(sampler, 0, depth=1)
    next(batches)
    assert prefetch_threads()
    batches.close()
    assert not prefetch_threads()
    assert list(batches) == []


def test_error_in_the_background_is_raised_in_the_foreground(sampler):
    class Failing:
        def batch(self, step):
            if step == 2:
                raise RuntimeError("at step 2")
            return sampler.batch(step)

    batches = prefetch(Failing(), 0)
    next(batches), next(batches)
    with pytest.raises(RuntimeError, match="at step 2"):
        next(batches)
    assert not prefetch_threads()
