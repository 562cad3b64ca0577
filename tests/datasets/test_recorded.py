"""Renderings as recordings: rooms, equalisers, bandwidth, loudness and codecs."""

import numpy as np
import pytest
from recorded import as_recorded

RATE = 22050


@pytest.fixture(scope="module")
def takes():
    """Two seconds of clicks over faint noise, every half second, and twelve recordings of it."""
    audio = 0.01 * np.random.default_rng(0).standard_normal(2 * RATE).astype(np.float32)
    audio[RATE // 4 :: RATE // 2] = 0.9
    return audio, [as_recorded(audio, RATE, seed) for seed in range(12)]


def test_what_is_played_stays_where_it_is(takes):
    audio, recordings = takes
    for made in recordings:
        assert made.shape == audio.shape and made.dtype == np.float32 and np.abs(made).max() <= 1.0
        correlation = np.correlate(made, audio[RATE // 8 : -RATE // 8], mode="valid")
        assert abs(np.abs(correlation).argmax() - RATE // 8) <= 5


def test_recordings_differ_as_the_worlds_do(takes):
    audio, recordings = takes
    frequencies = np.fft.rfftfreq(len(audio), 1.0 / RATE)
    power = np.array([np.square(np.abs(np.fft.rfft(made))) for made in [audio, *recordings]])
    high = power[:, frequencies > 10_000].sum(axis=1) / power.sum(axis=1)
    assert 2 <= np.sum(high[1:] < 0.1 * high[0]) <= 10, "some have no highs"
    levels = 10.0 * np.log10([np.mean(np.square(made)) for made in recordings])
    assert np.ptp(levels) > 6.0, "some are mastered louder"
    assert len({made.tobytes() for made in recordings}) == 12


def test_a_recording_is_the_same_for_the_same_seed(takes):
    audio, recordings = takes
    np.testing.assert_array_equal(as_recorded(audio, RATE, 3), recordings[3])
