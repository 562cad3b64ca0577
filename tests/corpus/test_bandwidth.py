"""Up to which frequency a recording holds sound."""

import numpy as np
import pytest
import scipy.signal

from melgan_vc.corpus.bandwidth import BandwidthMeter

RATE = 16000


def bandwidth(wave, *, rate=RATE, block=10**9):
    meter = BandwidthMeter(rate)
    for start in range(0, len(wave), block):
        meter.update(wave[start : start + block].astype(np.float32))
    return meter.bandwidth_hz()


def white(seconds=3.0, rate=RATE):
    return np.random.default_rng(0).normal(0, 0.1, int(seconds * rate))


def low_passed(wave, cutoff, rate=RATE):
    return scipy.signal.sosfilt(scipy.signal.ellip(10, 0.1, 90, cutoff, fs=rate, output="sos"), wave)


def test_full_band_noise_reaches_half_the_rate():
    assert bandwidth(white()) == RATE / 2


@pytest.mark.parametrize("cutoff", [3400, 7000])
def test_low_passed_noise_ends_at_the_cutoff(cutoff):
    assert bandwidth(low_passed(white(), cutoff)) == pytest.approx(cutoff, abs=200)


def test_low_pass_is_found_under_a_noise_floor():
    hiss = np.random.default_rng(1).normal(0, 0.1 * 10 ** (-40 / 20), 3 * RATE)
    assert bandwidth(low_passed(white(), 4000) + hiss) == pytest.approx(4000, abs=300)


def test_a_sound_that_fades_out_towards_high_frequencies_is_not_low_passed():
    dull = scipy.signal.lfilter([1.0], [1.0, -0.9], white())  # -6 dB an octave above 270 Hz
    assert bandwidth(dull) == RATE / 2


def test_the_files_own_rate_is_measured():
    rate = 44100
    assert bandwidth(low_passed(white(rate=rate), 16000, rate), rate=rate) == pytest.approx(16000, rel=0.05)


def test_result_does_not_depend_on_blocks():
    wave = low_passed(white(1.0), 5000)
    assert bandwidth(wave, block=777) == bandwidth(wave)


def test_very_short_files_and_silence():
    assert bandwidth(white(0.01)) > 7000
    assert bandwidth(np.zeros(RATE)) == 0.0
