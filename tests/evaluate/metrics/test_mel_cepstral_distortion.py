"""Mel-cepstral distortion of sounds whose spectra differ by a known number of decibels."""

import numpy as np
import pytest

from melgan_vc.evaluate.metrics.mel_cepstral_distortion import MelCepstralDistortion
from melgan_vc.evaluate.metrics.metric import Clip

librosa = pytest.importorskip("librosa")


def distortion(converted, parallel, rate=16000):
    return MelCepstralDistortion().measure(Clip("clip", converted, converted, rate, parallel))["mcd_db"]


def test_a_ripple_of_6_db_on_the_mel_axis_is_its_root_mean_square(draw):
    noise = draw.standard_normal(32000)
    frequencies = np.fft.rfftfreq(len(noise), 1 / 16000)
    mel = librosa.hz_to_mel(frequencies)
    gain = 10 ** (6.0 * np.cos(2 * np.pi * mel / mel[-1]) / 20)
    rippled = np.fft.irfft(np.fft.rfft(noise) * gain)
    assert distortion(rippled, noise) == pytest.approx(6.0 / np.sqrt(2), rel=0.08)


def test_the_same_recording_is_at_no_distance_however_loud_and_after_a_pause(held_out_female):
    late = np.concatenate([np.zeros(8000, np.float32), 0.2 * held_out_female])
    assert distortion(held_out_female, held_out_female) == pytest.approx(0, abs=1e-6)
    assert distortion(late, held_out_female) < 0.5


def test_a_slower_reading_is_nearer_than_another_sentence(held_out_female, held_out_male):
    # Every 20 ms twice: the same sounds, half as fast.
    slow = np.repeat(held_out_female[: 320 * 200].reshape(200, 320), 2, axis=0).reshape(-1)
    assert distortion(slow, held_out_female[: 320 * 200]) < 0.6 * distortion(held_out_male, held_out_female)


def test_without_a_parallel_recording_there_is_no_figure(held_out_female):
    assert np.isnan(distortion(held_out_female, None))
