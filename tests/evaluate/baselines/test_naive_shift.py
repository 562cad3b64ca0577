"""The naive shift moves pitch and formants by the factors asked for, and nothing else."""

import numpy as np
import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.baselines.naive_shift import naive_shift
from melgan_vc.evaluate.metrics.pitch import log_correlation
from melgan_vc.features.pitch_track import median_hz, track_pitch

pytest.importorskip("librosa")


def buzz(hertz, resonance, seconds=1.0, rate=16000):
    """A pulse train through one formant: a peak of the spectrum at ``resonance`` Hz."""
    time = np.arange(int(seconds * rate)) / rate
    harmonics = np.arange(1, int(rate / 2 / hertz))
    strength = 1.0 / (1.0 + ((harmonics * hertz - resonance) / 150.0) ** 2)
    wave = strength @ np.cos(2 * np.pi * hertz * harmonics[:, None] * time)
    return (0.3 * wave / np.max(np.abs(wave))).astype(np.float32)


def peak_hz(wave, rate=16000):
    """Where the long-term spectrum is strongest, resolved more coarsely than the harmonics."""
    power = np.abs(np.fft.rfft(wave * np.hanning(len(wave)))) ** 2
    frequencies = np.fft.rfftfreq(len(wave), 1 / rate)
    near = power * (power > 0.1 * power.max())
    return float(near @ frequencies / near.sum())


@pytest.mark.parametrize("rate", [16000, 22050])
def test_pitch_and_formant_move_by_their_own_factors(rate):
    pytest.importorskip("pyworld")
    wave = buzz(200.0, 1500.0, rate=rate)
    shifted = naive_shift(wave, rate, pitch=0.6, formant=0.8)
    assert shifted.shape == wave.shape and shifted.dtype == np.float32
    assert median_hz(track_pitch(shifted, rate)) == pytest.approx(120.0, rel=0.02)
    assert peak_hz(shifted, rate) == pytest.approx(0.8 * 1500.0, rel=0.05)
    assert np.std(shifted) == pytest.approx(np.std(wave), rel=0.01)


def test_speech_keeps_its_melody(held_out_female):
    pytest.importorskip("pyworld")
    wave = held_out_female[:40000]
    shifted = naive_shift(wave, 16000, pitch=0.6, formant=0.85)
    before, after = track_pitch(wave, 16000), track_pitch(shifted, 16000)
    assert log_correlation(before, after) > 0.9
    assert median_hz(after) / median_hz(before) == pytest.approx(0.6, rel=0.05)


@pytest.mark.parametrize("samples", [0, 100, 16000])
def test_a_silent_or_short_clip_comes_back_as_it_is(samples):
    pytest.importorskip("pyworld")
    silence = np.zeros(samples, np.float32)
    assert np.array_equal(naive_shift(silence, 16000, pitch=0.6, formant=0.85), silence)


def test_a_factor_of_zero_is_refused():
    with pytest.raises(MelganVcError, match="Expected factors above 0, received: pitch=0"):
        naive_shift(np.ones(16000, np.float32), 16000, pitch=0, formant=1.0)
