"""A stretch of frames is taken from each window, the same one for the same seed and step."""

import numpy as np

from melgan_vc.methods.missing_frames import MissingFrames
from melgan_vc.nets.gated_layers import MISSING


def gaps(batch):
    """Which frames are missing, ``(B, T)``."""
    missing = np.all(batch == MISSING, axis=2)
    assert np.array_equal(missing, np.any(batch == MISSING, axis=2)), "whole frames"
    return missing


def test_one_stretch_of_every_length_up_to_the_longest_at_any_place(random_mel):
    source, target = random_mel(400, 16, 3), random_mel(400, 16, 3)
    first, second = MissingFrames(5, seed=1)((source, target), 7)
    for given, windows in ((source, first), (target, second)):
        missing = gaps(windows)
        np.testing.assert_array_equal(windows[~missing], given[~missing])
        assert set(missing.sum(axis=1)) == set(range(6))
        starts = np.diff(np.pad(missing, ((0, 0), (1, 0))).astype(int), axis=1) == 1
        assert set(starts.sum(axis=1)) == {0, 1}, "one stretch or none"
        assert missing[:, 0].any() and missing[:, -1].any()
    assert np.any(gaps(first) != gaps(second))


def test_a_pure_function_of_seed_and_step(random_mel):
    batch = random_mel(4, 16, 3), random_mel(4, 16, 3)
    given = [MissingFrames(8, seed=seed)(batch, step)[0] for seed, step in ((0, 3), (0, 3), (0, 4), (1, 3))]
    np.testing.assert_array_equal(given[0], given[1])
    assert np.any(given[0] != given[2]) and np.any(given[0] != given[3])


def test_all_of_a_window_may_be_missing(random_mel):
    source, _ = MissingFrames(4, seed=0)((random_mel(99, 4, 3), random_mel(99, 4, 3)), 0)
    assert gaps(source).all(axis=1).any()
