"""An encoder with instance norm: what it takes away of a window, and of a file."""

import keras
import numpy as np
import pytest

from melgan_vc.audio.mel import log_mel
from melgan_vc.methods.autoencoder.conversion import AutoencoderConversion
from melgan_vc.methods.autoencoder.moments import encoded_by_window, moments_of_file
from melgan_vc.methods.conversion import Heard
from melgan_vc.methods.registry import build_network


@pytest.fixture
def network(settings):
    """An untrained network of two voices."""
    keras.utils.set_random_seed(0)
    return build_network(settings("method.content=instance_norm"))


@pytest.fixture
def model(settings, network):
    return AutoencoderConversion(settings("method.content=instance_norm"), network, to="boris")


def measured(network, mel, loudness=0.7):
    """Moments of a log-mel of the same loudness all over, and those that are typical."""
    typical = np.asarray(network.decoder.moments)
    return moments_of_file(network.encoder, mel, np.full(len(mel), loudness), typical), typical


def test_what_is_typical_follows_the_windows(network, random_mel):
    """From mean 0 and deviation 1 a hundredth of the way to those of each batch."""
    mel = random_mel(3, 32, 32)
    before = np.asarray(network.decoder.moments)
    np.testing.assert_array_equal(before, np.broadcast_to([[0.0], [1.0]], before.shape))
    _, own = network.encoder([mel, np.zeros((3, *before.shape), np.float32)])
    code = encoded_by_window(network.encoder, network.decoder, keras.ops.convert_to_tensor(mel))
    np.testing.assert_allclose(
        network.decoder.moments, 0.99 * before + 0.01 * np.asarray(own).mean(axis=0), atol=1e-5
    )
    again = encoded_by_window(network.encoder, network.decoder, keras.ops.convert_to_tensor(mel))
    np.testing.assert_array_equal(again, code, err_msg="a window is told by its own moments alone")


def test_a_long_file_is_told_by_its_own_moments_and_a_short_one_leans_on_what_is_typical(network, random_mel):
    long, typical = measured(network, random_mel(1, 5000, 32)[0])
    short, _ = measured(network, random_mel(1, 20, 32)[0])
    share = [np.abs(found[:, 1] - 1.0).mean() for found in (short, long)]
    assert share[0] < 0.5 * share[1]
    np.testing.assert_array_equal(measured(network, random_mel(1, 50, 32)[0], loudness=0.1)[0], typical)


def test_pauses_make_no_difference(network, random_mel):
    speech, pause = random_mel(1, 200, 32)[0], np.full((300, 32), -1.0, np.float32)
    loudness = np.repeat([0.7, 0.1], [200, 300])
    typical = np.asarray(network.decoder.moments)
    with_pause = moments_of_file(network.encoder, np.concatenate([speech, pause]), loudness, typical)
    np.testing.assert_array_equal(with_pause, measured(network, speech)[0])


def test_chunks_of_a_file_convert_as_the_whole_with_what_was_measured_of_it(model, sing):
    wave = sing(np.full(16000, 150.0), rate=8000)
    heard = Heard(wave, log_mel(wave, model.config.mel))
    prepared = model.prepare(heard)
    assert prepared.moments.shape == model.network.decoder.moments.shape
    assert np.abs(prepared.moments - np.asarray(model.network.decoder.moments)).max() > 0.1
    frames = np.concatenate([heard.log_mel, *(feature.of(wave) for feature in model.features)], axis=1)
    whole = model.whole(frames, prepared)
    made = np.concatenate([*model.in_chunks(prepared, chunk=24).stream(np.split(frames, [3, 50]))])
    np.testing.assert_allclose(made, whole, rtol=0, atol=1e-4)
    assert np.abs(model.whole(frames) - whole).max() > 1e-3, "without them it is another conversion"
