"""Where silence belongs, by timestamps alone."""

import numpy as np
import pytest

from melgan_vc.audio.timeline import Timeline

RATE, FRAME = 48000, 960  # 20 ms


def silence(times, origin=0.0):
    """Frames of silence before each of some frames of 20 ms."""
    timeline = Timeline(RATE, origin)
    return [timeline.silence_before(time, FRAME) for time in times]


def test_a_late_start_and_a_hole():
    times = [2.5, 2.52, 2.54, 3.0, 3.02]
    assert silence(times) == [120000, 0, 0, 21120, 0]
    assert silence(times, origin=2.5) == [0, 0, 0, 21120, 0]


def test_one_lost_packet_is_a_hole():
    assert silence([0, 0.02, 0.06, 0.08]) == [0, 0, 960, 0]


def test_timestamps_of_whole_milliseconds_add_nothing():
    times = np.arange(20000) * 1024 / 44100  # frames of AAC in Matroska
    timeline = Timeline(44100, 0.0)
    assert not any(timeline.silence_before(round(time, 3), 1024) for time in times)


@pytest.mark.parametrize("drift", [1.0005, 0.9995])
def test_a_recorder_with_two_clocks_adds_nothing(drift):
    jitter = np.random.default_rng(0).uniform(-0.007, 0.007, 20000)
    assert sum(silence(np.arange(20000) * 0.02 * drift + jitter)) == 0


@pytest.mark.parametrize("first", [-0.0065, -0.0213, -1.0, 0.0, 0.012])
def test_an_encoders_delay_adds_nothing(first):
    assert sum(silence(first + np.arange(1000) * 0.02)) == 0


def test_an_early_start_hides_no_hole():
    assert silence([-0.5, -0.48, 0.0, 0.02]) == [0, 0, 22080, 0]


def test_a_frame_without_a_timestamp_follows_the_one_before():
    assert silence([None, 0.02, None, 0.06, 1.0]) == [0, 0, 0, 0, 44160]


def test_overlaps_add_nothing_and_take_nothing():
    assert silence([0, 0.01, 0.02, 0.03, 0.1]) == pytest.approx([0, 0, 0, 0, 960], abs=5)


def test_hours_are_a_wrong_timestamp():
    assert silence([0, 7200, 7200.02, 7201.02]) == [0, 0, 0, 47040]
    assert silence([1e9, 1e9 + 0.02]) == [0, 0]
    assert silence([3600, 0, 0.02, 1.02]) == [0, 0, 0, 47040]  # and back


def test_silence_of_a_file_is_at_most_an_hour():
    times = np.arange(100) * 300.0
    assert 3500 < sum(silence(times)) / RATE <= 3600
