"""Which stretches are worth training on."""

import numpy as np

from melgan_vc.corpus.silence import loud_stretches


def stretches(decibels, *, trim_db=45):
    powers = 10.0 ** (np.array(decibels, float) / 10.0)
    return loud_stretches(powers, trim_db=trim_db, frame_seconds=0.05).tolist()


def test_frames_within_the_threshold_of_the_loudest_stay_with_a_tenth_of_a_second_around():
    quiet, loud = [-80] * 6, [-20, -60, -64]
    assert stretches(quiet + loud + quiet) == [[4, 11]]
    assert stretches(quiet + loud + quiet, trim_db=30) == [[4, 9]]
    assert stretches(quiet + loud + quiet + loud + quiet) == [[4, 11], [13, 20]]


def test_nothing_is_added_beyond_the_ends():
    assert stretches([-20, -20, -90, -90, -90]) == [[0, 4]]
    assert stretches([-90, -90, -90, -20]) == [[1, 4]]


def test_stretches_that_touch_are_one():
    assert stretches([-20, -90, -90, -90, -20]) == [[0, 5]]


def test_silence_has_no_stretch():
    assert loud_stretches(np.zeros(10), trim_db=45, frame_seconds=0.05).shape == (0, 2)
    assert loud_stretches(np.zeros(0), trim_db=45, frame_seconds=0.05).shape == (0, 2)
