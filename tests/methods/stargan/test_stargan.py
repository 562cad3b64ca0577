"""StarGAN: which loss each player gets, from what, and how a translation is asked for."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from melgan_vc.audio.voice_shift import shift_log_mel
from melgan_vc.losses.classification import classification
from melgan_vc.losses.hinge import hinge_critic, hinge_generator
from melgan_vc.losses.least_squares import least_squares_critic, least_squares_generator
from melgan_vc.losses.norm_consistency import norm_consistency
from melgan_vc.losses.self_regularization import self_regularization
from melgan_vc.losses.wasserstein import wasserstein_critic, wasserstein_generator
from melgan_vc.methods.conversion import conversion_of
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_method, build_network
from melgan_vc.methods.stargan.batches import StarganBatch, VoicePairs

BOTH = ("generator", "critic")
DOMAINS = ['method.domains=["ann","bob","cat"]', "method.pitches=[200,100,300]"]
EVERYTHING = [
    *("method.diversity=0.5", "method.gradient_penalty=10", "method.r1=2", "method.perturbation=1.2"),
    *("method.travel=10", "method.patch_nce=1", "method.masked_frames=8"),
]


@pytest.fixture
def build(draw):
    """``build("method.cycle=0", ...)``: the debug preset's method for three voices, with random weights."""

    def make(*overrides):
        keras.utils.set_random_seed(0)
        method = build_method(preset("debug", "stargan").with_overrides([*DOMAINS, *overrides]))
        for variable in method.network.trainable_variables:  # the generator starts as the identity
            variable.assign(variable + 0.1 * draw.normal(size=variable.shape))
        return method

    return make


@pytest.fixture
def batch(random_mel):
    """``batch(method)``: four windows with their references."""
    windows, reference = random_mel(4, 32, 32), random_mel(4, 32, 32)
    domain, wanted = np.array([0, 1, 2, 0], np.int32), np.array([1, 2, 0, 2], np.int32)

    def make(method):
        made = VoicePairs(method.config)((windows, domain, reference, wanted), 0)
        return StarganBatch(*map(ops.convert_to_tensor, made))

    return make


def plain(values: dict) -> dict:
    return {name: float(value) for name, value in values.items()}


def mean_error(one, other):
    return float(np.mean(np.abs(ops.convert_to_numpy(one) - ops.convert_to_numpy(other))))


@pytest.mark.parametrize("settings", [[], EVERYTHING, ["method.cycle=0", "method.source_classification=0"]])
def test_each_player_that_moves_gets_one_loss(build, batch, settings):
    method = build(*settings)
    for players in (BOTH, ("critic",), ("generator",)):
        losses, terms = method.losses(batch(method), players)
        assert set(losses) == set(players)
        assert set(terms) == {name for player in players for name in method.terms[player]}
        assert all(ops.shape(value) == () for value in [*losses.values(), *terms.values()])


@pytest.mark.parametrize(
    ("game", "critic_loss", "generator_loss"),
    [
        ("hinge", hinge_critic, hinge_generator),
        ("least_squares", least_squares_critic, least_squares_generator),
        ("wasserstein", wasserstein_critic, wasserstein_generator),
    ],
)
def test_losses_are_their_formulas(build, batch, game, critic_loss, generator_loss):
    """Worked out once more from the networks' own outputs, with a critic whose spectral norm stands still."""
    weights = {"adversarial": 0.7, "classification": 1.1, "source_classification": 0.6, "style_reconstruction": 0.9,
               "cycle": 3.0, "identity": 2.0, "self_regularization": 1.5, "norm_consistency": 0.4}  # fmt: skip
    method = build(f"method.adversarial_loss={game}", *(f"method.{name}={value}" for name, value in weights.items()))
    given, net = batch(method), method.network
    for _ in range(60):  # the power iteration comes to rest
        method.critic([given.windows, given.domain], training=True)
    named = net.mapping([given.latents[:2, 0], given.wanted[:2]])
    styles = ops.concatenate([named, net.encoder(given.reference[2:])], axis=0)
    fake = net.generator([given.generator_input, styles])
    own = net.encoder(given.windows)
    mapped = net.mapping([given.latents[:2, 1], given.domain[:2]])
    same = net.generator([given.identity_input, ops.concatenate([mapped, own[2:]], axis=0)])
    back = net.generator([shift_log_mel(fake, given.shift_back, ops), own])
    expected = {
        "adversarial": float(generator_loss(method.critic([fake, given.wanted]))),
        "classification": float(classification(method.classifier(fake), given.wanted)),
        "source_classification": float(classification(method.source_classifier(fake), given.wanted)),
        "style_reconstruction": mean_error(styles, net.encoder(fake)),
        "cycle": mean_error(given.windows, back),
        "identity": mean_error(given.windows, same),
        "norm_consistency": float(norm_consistency(given.moved, fake, nepers=method._nepers)),
        "self_regularization": float(self_regularization(given.moved, fake)),
    }
    losses, terms = (plain(values) for values in method.losses(given, BOTH))
    for name, value in expected.items():
        assert terms[name] == pytest.approx(value, rel=2e-3, abs=1e-4), name
    assert terms["copy"] == pytest.approx(mean_error(given.windows, fake), rel=1e-3)
    assert losses["generator"] == pytest.approx(sum(weights[name] * terms[name] for name in expected), rel=1e-4)
    game_cost = critic_loss(method.critic([given.reference, given.wanted]), method.critic([fake, given.wanted]))
    classifiers = classification(method.classifier(given.windows), given.domain)
    classifiers += classification(method.source_classifier(fake), given.domain)
    assert losses["critic"] == pytest.approx(float(game_cost + classifiers), rel=2e-3)


def test_penalties_are_part_of_the_critics_loss(build, batch):
    without, method = build(), build("method.gradient_penalty=10", "method.r1=2")
    for mine, other in zip(method.players["critic"], without.players["critic"], strict=True):
        mine.set_weights(other.get_weights())
    method.network.set_weights(without.network.get_weights())
    plain_loss, loss = (m.losses(batch(m), ("critic",))[0]["critic"] for m in (without, method))
    terms = method.losses(batch(method), ("critic",))[1]
    assert float(terms["gradient_penalty"]) > 0.0 and float(terms["r1"]) > 0.0
    expected = 10.0 * float(terms["gradient_penalty"]) + 2.0 * float(terms["r1"])
    assert float(loss - plain_loss) == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("term", ["classification", "source_classification"])
def test_the_classifiers_gradient_reaches_the_generator(build, batch, term):
    """A published port asks the classifier about real sound there, which leaves the generator no gradient at all."""
    others = ["adversarial", "classification", "source_classification", "style_reconstruction", "cycle", "identity",
              "self_regularization", "norm_consistency"]  # fmt: skip
    method = build(*(f"method.{name}={float(name == term)}" for name in others))
    generator = method.network.generator
    with tf.GradientTape() as tape:
        losses, _ = method.losses(batch(method), ("generator",))
    gradients = tape.gradient(losses["generator"], [variable.value for variable in generator.trainable_variables])
    assert all(gradient is not None and np.any(gradient) for gradient in gradients)


def test_a_generator_that_follows_the_classifier_makes_what_is_asked(build, batch):
    """Steps against the classification loss alone turn translations into the wanted domain, for the classifier."""
    method = build()
    given, classifier = batch(method), method.classifier
    optimizer = keras.optimizers.Adam(0.01)
    variables = [variable.value for variable in method.network.generator.trainable_variables]
    costs = []
    for _ in range(15):
        with tf.GradientTape() as tape:
            styles, _, _ = method._styles(given)
            cost = classification(classifier(method._generate(given.generator_input, styles)), given.wanted)
        costs.append(float(cost))
        pairs = zip(tape.gradient(cost, variables), method.network.generator.trainable_variables, strict=True)
        optimizer.apply_gradients(list(pairs))
    assert costs[-1] < 0.7 * costs[0]


@pytest.mark.parametrize("settings", [[], EVERYTHING], ids=["debug", "everything"])
def test_every_trainable_weight_of_a_player_gets_a_gradient_from_its_own_loss(build, batch, settings):
    """With least squares: of a hinge that both sides are within, the gradients of the last bias cancel."""
    method = build("method.adversarial_loss=least_squares", *settings)
    with tf.GradientTape(persistent=True) as tape:
        losses, _ = method.losses(batch(method), BOTH)
    for player, networks in method.players.items():
        for network in networks:
            variables = network.trainable_variables
            gradients = tape.gradient(losses[player], [variable.value for variable in variables])
            dead = [
                variable.path
                for variable, gradient in zip(variables, gradients, strict=True)
                if gradient is None or not np.any(ops.convert_to_numpy(tf.convert_to_tensor(gradient)))
            ]
            assert dead == [], f"{player}: {network.name}"


def test_terms_without_weight_build_no_network(build):
    assert len(build().players["critic"]) == 3
    bare = build("method.classification=0", "method.source_classification=0")
    assert len(bare.players["critic"]) == 1 and bare.classifier is None
    shared = build("method.critic.architecture=patch")
    assert shared.critic.name == "shared_critic"


def test_a_domain_and_a_clip_give_a_style(build, random_mel, translate):
    method, mel = build(), random_mel(2, 24, 32)
    ann, bob, cat = (translate(method, mel, name) for name in ("ann", "bob", "cat"))
    assert np.abs(ann - bob).max() > 0.01 and np.abs(bob - cat).max() > 0.01
    np.testing.assert_array_equal(ops.convert_to_numpy(method.network(mel)), bob)
    clips = random_mel(50, 32), np.tanh(random_mel(50, 32) + 1.0)
    one, other = (ops.convert_to_numpy(method.network.like(clip)(mel)) for clip in clips)
    assert one.shape == mel.shape and np.abs(one - other).max() > 0.01


def test_directions_and_pitches(build):
    method = build()
    assert method.config.method.domain_names == ("ann", "bob", "cat")
    assert method.config.method.directions == ("bob", "cat", "ann")
    assert conversion_of(method.config, method.network, to="cat").voice.pitch == 300.0
    config = preset("debug", "stargan")
    assert conversion_of(config, build_network(config)).voice is None


def test_the_bands_of_the_domains_are_learned_where_they_are_to_be_matched(build, random_mel):
    stores = [[0.2 * random_mel(50, 32) + level] for level in (-0.3, 0.0, 0.3)]
    method = build("method.match_bands=converting")
    method.learn_domains(stores)
    conversion = conversion_of(method.config, method.network, to="cat")
    np.testing.assert_allclose(conversion.voice.bands.mean, stores[2][0].mean(axis=0), atol=1e-5)
    covariances = [np.cov(store.T, bias=True) for (store,) in stores]
    np.testing.assert_allclose(conversion.voice.bands.covariance, covariances[2], atol=1e-5)
    np.testing.assert_allclose(conversion._voices.typical, np.mean(covariances, axis=0), atol=1e-5)
    without = build()
    without.learn_domains(stores)
    assert without.network.bands is None


def test_the_batch_is_named(build, batch):
    made = batch(build())
    assert isinstance(made, StarganBatch) and made.shift_back.shape == (4, 32, 32)
