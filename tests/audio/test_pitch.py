"""The median pitch of a voice: right on known tones, near pYIN on speech, nothing where there is no voice."""

import time
from pathlib import Path

import numpy as np
import pytest
import scipy.signal

from melgan_vc.audio.files import read
from melgan_vc.audio.pitch import median_pitch

DEMO = Path(__file__).parents[2] / "datasets" / "demo"


def tone(hertz, rate=16000, seconds=1.0):
    """Harmonics up to 5 kHz, falling by 6 dB an octave: about what vocal folds give."""
    times = np.arange(int(seconds * rate)) / rate
    top = int(min(5000, 0.45 * rate) / hertz)
    return 0.1 * sum(np.sin(2 * np.pi * hertz * k * times + k * k) / k for k in range(1, top + 1))


def vowel(hertz, rate=16000, seconds=1.0):
    """The same through the first three formants of an open vowel."""
    wave = tone(hertz, rate, seconds)
    for formant in (700.0, 1200.0, 2600.0):
        wave = scipy.signal.lfilter(*scipy.signal.iirpeak(formant, formant / 90.0, fs=rate), wave) + 0.1 * wave
    return wave


@pytest.mark.parametrize("hertz", [65, 82.4, 110, 147, 196, 262, 349, 480])
def test_harmonic_tones(hertz, draw):
    assert median_pitch(tone(hertz), 16000) == pytest.approx(hertz, rel=0.005)
    assert median_pitch(vowel(hertz), 16000) == pytest.approx(hertz, rel=0.01)
    noisy = vowel(hertz)
    noisy += 0.1 * np.std(noisy) * draw.standard_normal(len(noisy))  # 20 dB
    assert median_pitch(noisy, 16000) == pytest.approx(hertz, rel=0.01)


def test_a_voice_without_its_fundamental():
    # As a telephone passes it.
    high_pass = scipy.signal.butter(6, 300, "highpass", fs=16000, output="sos")
    assert median_pitch(scipy.signal.sosfilt(high_pass, tone(120)), 16000) == pytest.approx(120, rel=0.01)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100])
def test_any_rate(rate):
    assert median_pitch(tone(147, rate), rate) == pytest.approx(147, rel=0.005)


def test_level_and_offset_are_nothing():
    for wave in (1e-3 * tone(200), 9.0 * tone(200), tone(200) + 0.3):
        assert median_pitch(wave, 16000) == pytest.approx(200, rel=0.005)


def test_what_is_quiet_does_not_count():
    wave = np.concatenate([tone(120), 0.01 * tone(240, seconds=3.0)])
    assert median_pitch(wave, 16000) == pytest.approx(120, rel=0.01)


def test_a_long_clip_is_looked_at_from_its_beginning_to_its_end():
    wave = np.concatenate([tone(200, seconds=40.0), tone(100, seconds=70.0)])
    assert median_pitch(wave, 16000) == pytest.approx(100, rel=0.01)


def test_no_voice_no_pitch(draw):
    assert np.isnan(median_pitch(np.zeros(16000), 16000))
    assert np.isnan(median_pitch(np.full(16000, 0.5), 16000))
    assert np.isnan(median_pitch(np.zeros(0), 16000))
    assert np.isnan(median_pitch(tone(200, seconds=0.03), 16000)), "shorter than a frame"
    assert np.isnan(median_pitch(0.1 * draw.standard_normal(160000), 16000))
    assert np.isnan(median_pitch(np.append(tone(200), np.nan), 16000))
    with pytest.raises(ValueError, match=r"received shape \(100, 2\)"):
        median_pitch(np.zeros((100, 2)), 16000)


def test_demo_voices_against_probabilistic_yin():
    pytest.importorskip("librosa")
    from melgan_vc.features.pitch_track import median_hz, track_pitch

    for voice, expected in (("female_ru", 215), ("male_ru", 135)):
        paths = sorted((DEMO / voice).glob("*.ogg"))[:3]
        wave = np.concatenate([read(path, rate=16000, mono=True)[0][:64000] for path in paths])
        found = median_pitch(wave, 16000)
        assert found == pytest.approx(median_hz(track_pitch(wave, 16000)), rel=0.05)
        assert found == pytest.approx(expected, rel=0.1)


def test_ten_seconds_take_less_than_a_tenth_of_one(draw):
    wave = vowel(150, 44100, seconds=10.0) + 0.01 * draw.standard_normal(441000)
    median_pitch(wave, 44100)
    started = time.process_time()
    median_pitch(wave, 44100)
    assert time.process_time() - started < 0.1
