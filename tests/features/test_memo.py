"""What is known of a waveform is not asked for again, and is gone with the waveform."""

import gc
import weakref

import numpy as np
import pytest

from melgan_vc.features.memo import memoized


@pytest.fixture
def asked():
    """What the analysis below was asked for, in order."""
    return []


@pytest.fixture
def loudest(asked):
    def analyse(wave, rate):
        asked.append((float(wave[0]), rate))
        return np.array([np.abs(wave).max(), rate])

    return memoized(analyse)


def test_each_waveform_is_analysed_once_for_each_rate(loudest, asked):
    first, other = np.full(9, 0.5), np.full(9, 0.25)
    for _ in range(2):
        assert [list(loudest(first, 8000)), list(loudest(first, 16000))] == [[0.5, 8000], [0.5, 16000]]
        assert list(loudest(other, 8000)) == [0.25, 8000]
    assert asked == [(0.5, 8000), (0.5, 16000), (0.25, 8000)]


def test_another_waveform_in_the_same_place_is_not_taken_for_the_first(loudest, asked):
    for number in range(100):  # each is freed before the next is made, mostly at the same address
        assert loudest(np.full(9, float(number)), 8000)[0] == number
    assert len(asked) == 100


def test_what_is_known_is_forgotten_with_the_waveform(loudest):
    wave = np.ones(9)
    found = weakref.ref(loudest(wave, 8000))
    gc.collect()
    assert found() is not None
    del wave
    gc.collect()
    assert found() is None


def test_an_error_is_not_remembered():
    answers = iter([ValueError("not now"), 3])

    @memoized
    def analyse(wave):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    wave = np.ones(9)
    with pytest.raises(ValueError, match="not now"):
        analyse(wave)
    assert analyse(wave) == 3
