"""The networks of StarGAN: what a style or a domain changes, and what it leaves alone."""

import numpy as np
import pytest
from keras import ops

from melgan_vc.nets.adaptive_generator import AdaptiveNormalization, adaptive_generator
from melgan_vc.nets.domain_critics import domain_classifier, projection_critic
from melgan_vc.nets.style_networks import mapping_network, style_encoder


def array(tensor):
    return ops.convert_to_numpy(tensor)


def randomise(network, draw):
    for variable in network.trainable_variables:
        variable.assign(variable + 0.1 * draw.normal(size=variable.shape))
    return network


def test_untrained_generator_is_the_identity_whatever_the_style(random_mel, draw):
    mel, style = random_mel(2, 10, 12), draw.normal(size=(2, 5)).astype(np.float32)
    np.testing.assert_allclose(array(adaptive_generator(12, style=5, channels=8)([mel, style])), mel, atol=1e-5)


def test_each_window_is_translated_with_its_own_style(random_mel, draw):
    generator = randomise(adaptive_generator(12, style=5, channels=8), draw)
    mel = np.repeat(random_mel(1, 10, 12), 3, axis=0)
    styles = draw.normal(size=(3, 5)).astype(np.float32)
    styles[2] = styles[0]
    one, other, again = array(generator([mel, styles]))
    assert np.abs(one - other).max() > 0.01
    np.testing.assert_allclose(again, one, atol=1e-6)


def test_adaptive_norm_of_a_frame_does_not_depend_on_any_other(random_mel, draw):
    frames, style = random_mel(2, 9, 6) * 5.0 + 3.0, draw.normal(size=(2, 4)).astype(np.float32)
    norm = AdaptiveNormalization()
    whole = array(norm(frames, style))
    np.testing.assert_allclose(array(norm(frames[:, 4:5], style)), whole[:, 4:5], atol=1e-5)


def test_adaptive_norm_is_the_normalised_frame_scaled_and_moved_by_the_style(random_mel):
    frames, style = random_mel(1, 3, 4), np.array([[2.0, -1.0]], np.float32)
    norm = AdaptiveNormalization(epsilon=0.0)
    norm(frames, style)
    kernel = np.zeros((2, 8), np.float32)
    kernel[0, :4], kernel[1, 4:] = 0.5, 3.0  # scale 1 + 0.5 * 2, offset 3 * -1
    norm.scale_and_offset.kernel.assign(kernel)
    plain = (frames - frames.mean(axis=-1, keepdims=True)) / frames.std(axis=-1, keepdims=True)
    np.testing.assert_allclose(array(norm(frames, style)), 2.0 * plain - 3.0, rtol=1e-3, atol=1e-3)


def test_the_style_of_a_clip_does_not_depend_on_the_order_of_its_parts(random_mel, draw):
    """What is said comes in an order, a voice does not: halves exchanged, the style stays nearly the same."""
    encoder = randomise(style_encoder(12, style=5, channels=8), draw)
    clip, other = random_mel(1, 400, 12), np.tanh(random_mel(1, 400, 12) + 1.0)
    style, exchanged, different = (array(encoder(mel)) for mel in (clip, np.roll(clip, 200, axis=1), other))
    assert np.abs(style - exchanged).max() < 0.1 * np.abs(style - different).max()


def test_a_style_belongs_to_a_domain_and_a_latent_vector(draw):
    mapping = randomise(mapping_network(3, latent=4, style=5, channels=8), draw)
    latent = np.repeat(draw.normal(size=(1, 4)), 4, axis=0).astype(np.float32)
    latent[3] += 1.0
    first, second, again, moved = array(mapping([latent, np.array([0, 1, 0, 0])]))
    np.testing.assert_allclose(first, again, atol=1e-6)
    assert np.abs(first - second).max() > 1e-3 and np.abs(first - moved).max() > 1e-3


def test_the_projection_critic_judges_for_the_domain_that_is_asked(random_mel, draw):
    critic = randomise(projection_critic(12, domains=3, channels=8), draw)
    mel = np.repeat(random_mel(1, 16, 12), 2, axis=0)
    one, other = array(critic([mel, np.array([0, 2])]))
    assert np.abs(one - other).max() > 1e-3


@pytest.mark.parametrize("frames", [4, 33, 200])
def test_classifier_and_encoder_take_any_length(random_mel, frames):
    mel = random_mel(1, frames, 12)
    assert domain_classifier(12, domains=4, channels=8)(mel).shape == (1, 4)
    assert style_encoder(12, style=5, channels=8)(mel).shape == (1, 5)
