"""Distances of spectra: nothing for the same sound, more for what differs more, blind to phase."""

import keras
import numpy as np
import pytest

from melgan_vc.audio.mel import mel_filterbank
from melgan_vc.config.mel import MelConfig
from melgan_vc.losses.feature_matching import feature_matching
from melgan_vc.losses.spectral import mel_distance, multi_resolution_stft

MEL = MelConfig()
FRAMING = {"filters": mel_filterbank(MEL), "n_fft": 1024, "hop_length": 256, "fft_length": 1024}


@pytest.fixture
def wave(draw):
    return (0.1 * draw.normal(size=(2, 8000))).astype(np.float32)


@pytest.mark.parametrize("distance", [multi_resolution_stft, lambda a, b: mel_distance(a, b, **FRAMING)])
def test_more_noise_is_further_away(distance, wave, draw):
    noise = draw.normal(size=wave.shape).astype(np.float32)
    found = [float(distance(wave, wave + level * noise)) for level in (0.0, 0.01, 0.1)]
    assert found[0] < 1e-3 < found[1] < found[2]


def test_a_sound_turned_upside_down_sounds_the_same(wave):
    assert float(multi_resolution_stft(wave, -wave)) < 1e-3


def test_half_as_loud_is_a_known_distance(wave):
    # Spectral convergence 1/2 and a log distance of log 2; mel power falls by a factor of 4.
    assert float(multi_resolution_stft(wave, 0.5 * wave)) == pytest.approx(0.5 + np.log(2.0), rel=1e-3)
    assert float(mel_distance(wave, 0.5 * wave, **FRAMING)) == pytest.approx(np.log(4.0), rel=1e-3)


def test_silence_has_finite_gradients():
    """A root at zero has none: the loss adds what keeps it finite."""
    import tensorflow as tf

    if keras.backend.backend() != "tensorflow":
        pytest.skip("a gradient by TensorFlow's tape")
    wave = tf.zeros((1, 4096))
    with tf.GradientTape() as tape:
        tape.watch(wave)
        loss = multi_resolution_stft(np.zeros((1, 4096), np.float32), wave) + mel_distance(wave, wave, **FRAMING)
    assert np.isfinite(tape.gradient(loss, wave).numpy()).all()


def test_feature_matching_counts_layers_alike_whatever_their_scale():
    small, large = np.full((2, 4), 0.1, np.float32), np.full((2, 4), 100.0, np.float32)
    each = [float(feature_matching([layer], [1.5 * layer])) for layer in (small, large)]
    assert each[0] == pytest.approx(0.5, abs=0.01)
    assert each[1] == pytest.approx(0.5, abs=0.01)
    assert float(feature_matching([small, large], [small, 1.5 * large])) == pytest.approx(0.25, abs=0.01)
