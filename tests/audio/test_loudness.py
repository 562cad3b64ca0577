"""The level of what is not silent, and the gain to a wanted one."""

import numpy as np
import pytest

from melgan_vc.audio.loudness import LoudnessMeter, gain

RATE = 16000


def level_db(wave, *, cuts=()):
    meter = LoudnessMeter(RATE)
    for block in np.split(wave, cuts):
        meter.update(block)
    return meter.level_db


def sine(amplitude, seconds=1.0):
    return (amplitude * np.sin(2 * np.pi * 200 * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


def test_sine_of_amplitude_a_half_is_nine_decibels_below_full_scale():
    assert level_db(sine(0.5)) == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=1e-3)


def test_level_does_not_depend_on_how_the_waveform_is_cut():
    wave = np.random.default_rng(0).normal(0, 0.1, 12345).astype(np.float32)
    whole = level_db(wave)
    assert level_db(wave, cuts=[1, 2, 799, 800, 801, 5000, 12344]) == whole
    assert level_db(wave, cuts=range(100, 12345, 100)) == whole


def test_pauses_do_not_lower_the_level():
    quiet = np.random.default_rng(0).normal(0, 1e-3, 3 * RATE).astype(np.float32)
    silence = np.zeros(3 * RATE, np.float32)
    assert level_db(np.concatenate([quiet, sine(0.5), silence])) == pytest.approx(level_db(sine(0.5)), abs=0.1)


def test_a_sound_shorter_than_a_frame_counts():
    assert level_db(sine(0.5, seconds=0.02)) == pytest.approx(-9.03, abs=0.01)


@pytest.mark.parametrize("wave", [np.zeros(0, np.float32), np.zeros(RATE, np.float32)])
def test_silence_has_no_level_and_is_left_alone(wave):
    meter = LoudnessMeter(RATE)
    meter.update(wave)
    assert meter.level_db == float("-inf")
    assert meter.gain_to(-26.0) == 1.0


def test_gain_brings_the_waveform_to_the_level():
    meter = LoudnessMeter(RATE)
    meter.update(sine(0.01))
    assert level_db(sine(0.01) * np.float32(meter.gain_to(-26.0))) == pytest.approx(-26.0, abs=1e-3)


def test_gain_never_exceeds_sixty_decibels():
    assert gain(-90.0, -26.0) == pytest.approx(1000.0)


@pytest.mark.parametrize("quiet", [1.0, 1e-2, 1e-3])
def test_the_level_of_a_quiet_sound_is_that_of_a_loud_one_turned_down(quiet):
    meters = [LoudnessMeter(RATE), LoudnessMeter(RATE)]
    pausing = np.concatenate([sine(0.1), sine(1e-4), sine(0.07)])
    for meter, factor in zip(meters, (1.0, quiet), strict=True):
        meter.update(pausing * np.float32(factor))
    assert meters[1].level_db - meters[0].level_db == pytest.approx(20 * np.log10(quiet), abs=0.01)


def test_stereo_is_refused():
    with pytest.raises(ValueError, match=r"received shape \(100, 2\)"):
        LoudnessMeter(RATE).update(np.zeros((100, 2), np.float32))
