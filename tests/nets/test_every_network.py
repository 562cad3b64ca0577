"""What holds for every architecture: shapes, gradients, saving, precision, range."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from melgan_vc.methods.architectures import precision
from melgan_vc.nets.registry import build_network, names_of
from melgan_vc.nets.style_networks import mapping_network, style_encoder

MELS, FRAMES, CHANNELS, STYLE, DOMAINS = 12, 16, 8, 5, 3


def networks():
    """``{name: function that builds a small one}`` for every architecture that a config can name."""
    found, frames = {}, {"frames": FRAMES}
    for kind, options in (
        ("generator", {}),
        ("siamese", {"embedding": 6}),
        ("critic", {}),
        ("styled_generator", {"style": STYLE}),
        ("domain_critic", {"domains": DOMAINS}),
        ("classifier", {"domains": DOMAINS}),
    ):
        for name in names_of(kind):
            build = functools.partial(
                build_network, kind, name, MELS, setting=kind, offered=frames, channels=CHANNELS, **options
            )
            found[f"{kind}_{name}"] = build
    found["style_encoder"] = lambda: style_encoder(MELS, style=STYLE, channels=CHANNELS)
    found["style_mapping"] = lambda: mapping_network(DOMAINS, latent=MELS, style=STYLE, channels=CHANNELS)
    return found


def given(name, mel):
    """What a network is called with: a log-mel, with a style or a domain for those that are told one."""
    if name == "style_mapping":
        return [mel[:, 0], np.array([0, 1])]
    if name == "styled_generator_adaptive":
        return [mel, np.linspace(-1, 1, len(mel) * STYLE, dtype=np.float32).reshape(-1, STYLE)]
    return [mel, np.arange(len(mel))] if name in ("domain_critic_projection", "domain_critic_patch") else mel


NETWORKS = networks()
SHAPES = {
    "generator_residual": (2, FRAMES, MELS),
    "generator_two_one_two": (2, FRAMES, MELS),
    "generator_paper": (2, FRAMES, MELS),
    "siamese_strided": (2, 6),
    "siamese_paper": (2, 6),
    "critic_patch": (2, FRAMES // 4, 1),
    "critic_two_scale": (2, FRAMES // 4, 2),
    "critic_gated_patch": (2, FRAMES // 8, 2, 1),
    "critic_paper": (2, 1),
    "styled_generator_adaptive": (2, FRAMES, MELS),
    "domain_critic_projection": (2, FRAMES // 4, 1),
    "domain_critic_patch": (2, FRAMES // 4, 1),
    "classifier_strided": (2, DOMAINS),
    "style_encoder": (2, STYLE),
    "style_mapping": (2, STYLE),
}


@pytest.fixture(params=NETWORKS)
def name(request):
    keras.utils.set_random_seed(1)
    return request.param


def with_random_weights(network, draw):
    """Biases and last layers start at zero: random weights let every path carry something."""
    for variable in network.trainable_variables:
        variable.assign(variable + 0.1 * draw.normal(size=variable.shape))
    return network


def test_output_shape(name, random_mel):
    network = NETWORKS[name]()
    assert network(given(name, random_mel(2, FRAMES, MELS))).shape == SHAPES[name]


def test_gradient_reaches_every_trainable_variable(name, random_mel, draw):
    network = with_random_weights(NETWORKS[name](), draw)
    direction = draw.normal(size=SHAPES[name])
    with tf.GradientTape() as tape:
        output = network(given(name, random_mel(2, FRAMES, MELS)), training=True)
        loss = ops.sum(output * direction)
    variables = network.trainable_variables
    gradients = tape.gradient(
        loss, [variable.value for variable in variables], unconnected_gradients=tf.UnconnectedGradients.ZERO
    )
    gradients = [ops.convert_to_numpy(gradient) for gradient in gradients]  # those of tables are slices
    dead = [
        variable.path
        for variable, gradient in zip(variables, gradients, strict=True)
        if not np.any(gradient) or not np.all(np.isfinite(gradient))
    ]
    assert dead == []


def test_weights_survive_a_file(name, random_mel, draw, tmp_path):
    network = with_random_weights(NETWORKS[name](), draw)
    mel = given(name, random_mel(2, FRAMES, MELS))
    network(mel, training=True)  # moves batch statistics and spectral vectors, which must be saved too
    network.save_weights(tmp_path / "w.weights.h5")
    other = NETWORKS[name]()
    assert not np.allclose(other(mel, training=False), network(mel, training=False))
    other.load_weights(tmp_path / "w.weights.h5")
    np.testing.assert_array_equal(other(mel, training=False), network(mel, training=False))


def test_inference_changes_no_weight(name, random_mel):
    network = NETWORKS[name]()
    before = network.get_weights()
    network(given(name, random_mel(2, FRAMES, MELS)), training=False)
    for now, then in zip(network.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_mixed_precision_keeps_float32_weights_and_output(name, random_mel, draw):
    full = with_random_weights(NETWORKS[name](), draw)
    with precision(True):
        mixed = NETWORKS[name]()
    mixed.set_weights(full.get_weights())
    mel = given(name, random_mel(2, FRAMES, MELS))
    output = mixed(mel, training=False)
    assert keras.backend.standardize_dtype(output.dtype) == "float32"
    assert {keras.backend.standardize_dtype(weight.dtype) for weight in mixed.weights} == {"float32"}
    assert any(getattr(layer, "compute_dtype", "") == "bfloat16" for layer in mixed.layers)
    expected = ops.convert_to_numpy(full(mel, training=False))
    # Root mean squares: of the deepest network's cells, single ones are off by 7 % of the largest.
    assert np.sqrt(np.mean(np.square(output - expected))) < 0.05 * np.sqrt(np.mean(np.square(expected)))
    assert keras.config.dtype_policy().name == "float32"  # and nothing built afterwards is affected


@pytest.mark.parametrize("name", [name for name in NETWORKS if "generator_" in name])
def test_generator_output_is_a_log_mel(name, random_mel, draw):
    generator = NETWORKS[name]()
    for variable in generator.trainable_variables:
        variable.assign(draw.normal(size=variable.shape) * 3.0)
    mel = random_mel(2, 64, MELS)
    mel[:, :8], mel[:, 8:16] = -1.0, 1.0  # the ends of the range as well
    output = ops.convert_to_numpy(generator(given(name, mel), training=False))
    assert np.all(np.isfinite(output)) and np.all(np.abs(output) <= 1.0)
    assert output.std() > 0.1


def test_generators_and_patch_critics_take_any_length(random_mel):
    for name in (name for name in NETWORKS if "generator_" in name):
        for frames in (4, 20, 100):
            mel = random_mel(1, frames, MELS)
            assert NETWORKS[name]()(given(name, mel)).shape == mel.shape
    assert NETWORKS["critic_patch"]()(random_mel(1, 50, MELS)).shape == (1, 13, 1)
    assert NETWORKS["critic_gated_patch"]()(random_mel(1, 50, MELS)).shape == (1, 7, 2, 1)
