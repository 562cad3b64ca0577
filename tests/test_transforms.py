"""Fourier transforms that a gradient goes through agree with numpy's, and their inverse inverts."""

import keras
import numpy as np
import pytest

from melgan_vc.transforms import hann, inverse_spectrum, magnitude, overlap_add, spectrum


def to_numpy(values):
    return keras.ops.convert_to_numpy(values)


def test_a_full_scale_sine_peaks_at_one():
    wave = np.sin(2 * np.pi * 32 / 1024 * np.arange(4096)).astype(np.float32)[None]
    assert to_numpy(magnitude(wave, window=hann(1024), hop_length=256)).max() == pytest.approx(1.0, abs=1e-3)


def test_spectrum_is_that_of_each_window(draw):
    wave = draw.normal(size=(2, 2000)).astype(np.float32)
    real, imaginary = spectrum(wave, window=hann(512), hop_length=100, fft_length=1024)
    wanted = np.fft.rfft(wave[1, 300:812] * hann(512), 1024)
    np.testing.assert_allclose(to_numpy(real)[1, 3] + 1j * to_numpy(imaginary)[1, 3], wanted, atol=1e-5)
    assert real.shape == (2, 1 + (2000 - 512) // 100, 513)


@pytest.mark.parametrize(("n_fft", "hop_length", "zero_padding"), [(512, 128, 1), (512, 192, 1), (600, 150, 2)])
def test_the_inverse_gives_the_waveform_back_but_for_its_ends(draw, n_fft, hop_length, zero_padding):
    wave = draw.normal(size=(1, n_fft + 30 * hop_length)).astype(np.float32)
    framing = {"window": hann(n_fft), "hop_length": hop_length, "fft_length": n_fft * zero_padding}
    found = to_numpy(inverse_spectrum(*spectrum(wave, **framing), **framing))
    inside = slice(n_fft, wave.shape[1] - n_fft)
    np.testing.assert_allclose(found[:, inside], wave[:, inside], atol=1e-4)


def test_frames_add_up_where_they_overlap():
    frames = np.ones((1, 3, 4), np.float32)
    np.testing.assert_array_equal(to_numpy(overlap_add(frames, 2)), [[1, 1, 2, 2, 2, 2, 1, 1]])


def test_frames_longer_than_whole_hops_add_up_too():
    frames = np.ones((1, 2, 5), np.float32)
    np.testing.assert_array_equal(to_numpy(overlap_add(frames, 2)), [[1, 1, 2, 2, 2, 1, 1, 0]])
