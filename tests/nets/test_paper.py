"""The published networks: their size, and that Conv1D over time is the published Conv2D over pictures."""

import keras
import numpy as np
import pytest
from keras import ops

from melgan_vc.nets.paper import paper_critic, paper_generator, paper_siamese
from melgan_vc.nets.spectral_normalization import SpectralConv1D


def trainable_parameters(network):
    return sum(int(np.prod(variable.shape)) for variable in network.trainable_variables)


@pytest.mark.parametrize(
    ("network", "published"),
    [
        (lambda: paper_generator(192), 2_934_785),
        (lambda: paper_siamese(192, frames=24), 1_394_304),
        (lambda: paper_critic(192, frames=72), 4_498_433),
    ],
    ids=["generator", "siamese", "critic"],
)
def test_number_of_trainable_parameters_is_the_published_one(network, published):
    assert trainable_parameters(network()) == published


def normalised(kernel):
    """A kernel divided by its largest singular value as a matrix (-1, last axis)."""
    return kernel / np.linalg.norm(kernel.reshape(-1, kernel.shape[-1]), 2)


def with_exact_vector(layer):
    """Set the layer's ``u`` to the leading singular vector, where power iteration ends up."""
    kernel = ops.convert_to_numpy(layer.kernel)
    _, _, right = np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]), full_matrices=False)
    layer.u.assign(right[:1])


def test_first_layer_is_the_published_conv2d(random_mel, draw):
    mels, channels = 24, 16
    published = draw.normal(size=(mels, 3, 1, channels)).astype(np.float32)
    layer = SpectralConv1D(channels, 3, padding="valid", use_bias=False)
    layer.build((None, 12, mels))
    layer.kernel.assign(published[:, :, 0].transpose(1, 0, 2))
    with_exact_vector(layer)

    mel = random_mel(2, 12, mels)
    picture = mel.transpose(0, 2, 1)[..., None]  # (B, mels, frames, 1)
    expected = ops.conv(picture, normalised(published), padding="valid")  # (B, 1, frames - 2, channels)
    np.testing.assert_allclose(layer(mel), expected[:, 0], atol=1e-5)


def test_inner_layer_is_the_published_conv2d(random_mel, draw):
    published = draw.normal(size=(1, 9, 16, 8)).astype(np.float32)
    layer = SpectralConv1D(8, 9, strides=2, padding="same", use_bias=False)
    layer.build((None, 12, 16))
    layer.kernel.assign(published[0])
    with_exact_vector(layer)

    x = random_mel(2, 12, 16)
    expected = ops.conv(x[:, None], normalised(published), strides=(1, 2), padding="same")
    np.testing.assert_allclose(layer(x), expected[:, 0], atol=1e-5)


def test_last_layer_is_the_published_transposed_conv2d(random_mel, draw):
    mels, channels = 24, 16
    published = draw.normal(size=(mels, 1, 1, channels)).astype(np.float32)  # height, width, out, in
    layer = SpectralConv1D(mels, 1, use_bias=False)
    layer.build((None, 12, channels))
    layer.kernel.assign(published[:, :, 0].transpose(1, 2, 0))
    with_exact_vector(layer)

    x = random_mel(2, 12, channels)
    picture = ops.conv_transpose(x[:, None], normalised(published), strides=1, padding="valid")
    assert picture.shape == (2, mels, 12, 1)
    np.testing.assert_allclose(layer(x), ops.transpose(picture[..., 0], (0, 2, 1)), atol=1e-5)


def test_generator_has_one_bias_for_the_whole_picture(random_mel):
    generator = paper_generator(16, channels=8)
    (bias,) = [variable for variable in generator.trainable_variables if "shared_bias" in variable.path]
    assert bias.shape == (1,)
    mel = random_mel(1, 8, 16)
    before = np.arctanh(generator(mel, training=False))
    bias.assign([0.25])
    np.testing.assert_allclose(np.arctanh(generator(mel, training=False)) - before, 0.25, atol=1e-4)


def test_siamese_embeds_without_spectral_normalisation(random_mel):
    network = paper_siamese(16, frames=24, embedding=5, channels=8)
    assert network(random_mel(3, 24, 16)).shape == (3, 5)
    assert not any(isinstance(layer, SpectralConv1D) for layer in network.layers)


def test_critic_scores_a_window_and_keeps_no_batch_statistics(random_mel):
    network = paper_critic(16, frames=24, channels=8)
    mel = random_mel(3, 24, 16)
    scores = network(mel)
    assert scores.shape == (3, 1)
    np.testing.assert_allclose(network(mel[:1]), scores[:1], atol=1e-5)
    assert not any(isinstance(layer, keras.layers.BatchNormalization) for layer in network.layers)
