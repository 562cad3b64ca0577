"""The method: which loss each player gets, and from what."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from melgan_vc.audio.voice_shift import shift_log_mel, voice_shift
from melgan_vc.losses.hinge import hinge_critic, hinge_generator
from melgan_vc.losses.least_squares import least_squares_critic, least_squares_generator
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_method
from melgan_vc.nets.gated_layers import MISSING

BOTH = ("generator", "critic")
# Without spectral norm, whose vectors move on in every call: what is worked out twice comes out the same.
GATED_CRITIC = ["method.critic.architecture=gated_patch", "method.critic.channels=8"]
GATED = ["method.generator.architecture=two_one_two", "method.generator.channels=8", *GATED_CRITIC]


@pytest.fixture
def build(draw):
    """``build("method.identity=0", ...)``: the debug preset's method with settings and with random weights."""

    def make(*overrides):
        keras.utils.set_random_seed(0)
        method = build_method(preset("debug", "cyclegan").with_overrides(list(overrides)))
        for variable in method.generators.trainable_variables:  # residual generators start as the identity
            variable.assign(variable + 0.1 * draw.normal(size=variable.shape))
        return method

    return make


@pytest.fixture
def batch(random_mel):
    return random_mel(4, 16, 32), random_mel(4, 16, 32)


def plain(values: dict) -> dict:
    return {name: float(value) for name, value in values.items()}


def mean_error(one, other):
    return float(np.mean(np.abs(ops.convert_to_numpy(one) - ops.convert_to_numpy(other))))


def test_each_player_that_moves_gets_one_loss(build, batch):
    method = build()
    for players in (BOTH, ("critic",), ("generator",)):
        losses, terms = method.losses(batch, players)
        assert set(losses) == set(players)
        assert set(terms) == {name for player in players for name in method.terms[player]}
        assert all(ops.shape(value) == () for value in [*losses.values(), *terms.values()])


@pytest.mark.parametrize(
    ("game", "critic_loss", "generator_loss"),
    [("least_squares", least_squares_critic, least_squares_generator), ("hinge", hinge_critic, hinge_generator)],
)
def test_losses_are_their_formulas(build, batch, game, critic_loss, generator_loss):
    """Both sides of both games, there and back, from the networks' own outputs."""
    weights = ["adversarial=0.7", "second_adversarial=0.6", "cycle=3", "identity=2", f"adversarial_loss={game}"]
    method = build(*(f"method.{setting}" for setting in weights), *GATED_CRITIC)
    a, b = batch
    to_target, to_source = method.generators.to_target, method.generators.to_source
    fake_b, fake_a = to_target(a), to_source(b)
    back_a, back_b = to_source(fake_b), to_target(fake_a)
    first, second = method.critics, method.second_critics
    games = [(first["target"], b, fake_b), (first["source"], a, fake_a)]
    second_games = [(second["source"], a, back_a), (second["target"], b, back_b)]

    losses, terms = (plain(values) for values in method.losses(batch, BOTH))
    assert terms["adversarial"] == pytest.approx(sum(float(generator_loss(c(x))) for c, _, x in games), rel=1e-4)
    expected = sum(float(generator_loss(c(x))) for c, _, x in second_games)
    assert terms["second_adversarial"] == pytest.approx(expected, rel=1e-4)
    assert terms["cycle"] == pytest.approx(mean_error(a, back_a) + mean_error(b, back_b), rel=1e-4)
    assert terms["identity"] == pytest.approx(mean_error(b, to_target(b)) + mean_error(a, to_source(a)), rel=1e-4)
    assert terms["copy"] == pytest.approx((mean_error(a, fake_b) + mean_error(b, fake_a)) / 2, rel=1e-4)
    assert losses["generator"] == pytest.approx(
        0.7 * terms["adversarial"] + 0.6 * terms["second_adversarial"] + 3 * terms["cycle"] + 2 * terms["identity"],
        rel=1e-5,
    )
    costs = [float(critic_loss(c(real), c(x))) for c, real, x in (*games, *second_games)]
    assert losses["critic"] == pytest.approx(np.mean(costs), rel=1e-4)


def test_identity_counts_until_its_step_and_is_shown_after_it(build, batch):
    method = build("method.identity_steps=7", *GATED_CRITIC)
    before, at_it = (method.losses(batch, ("generator",), tf.constant(step)) for step in (6, 7))
    identity = float(before[1]["identity"])
    assert identity > 0.01 and float(at_it[1]["identity"]) == pytest.approx(identity, rel=1e-5)
    assert float(before[0]["generator"] - at_it[0]["generator"]) == pytest.approx(5.0 * identity, rel=1e-3)


def test_round_trips_have_critics_of_their_own_unless_left_out(build, batch):
    method = build()
    critics = method.players["critic"]
    assert len(critics) == 4 and len({id(critic) for critic in critics}) == 4
    without = build("method.second_adversarial=0")
    assert len(without.players["critic"]) == 2
    assert float(without.losses(batch, BOTH)[1]["second_adversarial"]) == 0.0


def test_only_the_way_there_has_gaps(build, batch):
    """The cycle loss asks for the whole window back; identity is asked of whole windows."""
    method = build("method.masked_frames=6", *GATED)
    gaps = [windows.copy() for windows in batch]
    for windows in gaps:
        windows[:, 4:9] = MISSING
    whole, masked = (plain(method.losses(given, ("generator",))[1]) for given in (batch, (*batch, *gaps)))
    assert masked["identity"] == pytest.approx(whole["identity"], rel=1e-4)
    assert masked["cycle"] != pytest.approx(whole["cycle"], rel=1e-5)
    a, b = batch
    to_target, to_source = method.generators.to_target, method.generators.to_source
    expected = mean_error(a, to_source(to_target(gaps[0]))) + mean_error(b, to_target(to_source(gaps[1])))
    assert masked["cycle"] == pytest.approx(expected, rel=1e-3)


def test_gaps_are_drawn_for_training(build, batch):
    (augment,) = build(*GATED, "method.masked_frames=6").augmentation(())
    given = augment(batch, 3)
    assert len(given) == 4 and np.any(given[2] == MISSING) and not np.any(given[0] == MISSING)
    assert build().augmentation(()) == []


SHIFT = ["method.pitch=0.6", "method.formants=0.8"]


def test_each_generator_shifts_the_voice_to_its_own_domain(random_mel, translate):
    """Untrained generators edit nothing: what is left is the shift, down to the target and up to the source."""
    config = preset("debug", "cyclegan").with_overrides(SHIFT)
    method, mel = build_method(config), random_mel(2, 16, 32)
    down, up = (voice_shift(config.mel, pitch=p, formants=f) for p, f in ((0.6, 0.8), (1 / 0.6, 1 / 0.8)))
    np.testing.assert_allclose(translate(method, mel, "target"), shift_log_mel(mel, down), atol=1e-4)
    np.testing.assert_allclose(translate(method, mel, "source"), shift_log_mel(mel, up), atol=1e-4)


def test_identity_is_asked_from_where_the_other_voice_lies(random_mel, translate):
    """A generator that shifts down is to bring back what was shifted up, not to leave alone what it shifts down."""
    method, batch = build_method(preset("debug", "cyclegan").with_overrides(SHIFT)), [random_mel(4, 16, 32)] * 2
    expected = sum(
        mean_error(mel, translate(method, shift_log_mel(mel, method.shifts[other]), domain))
        for mel, domain, other in zip(batch, ("source", "target"), ("target", "source"), strict=True)
    )
    assert float(method.losses(batch, ("generator",))[1]["identity"]) == pytest.approx(expected, rel=1e-3)


def test_identity_is_asked_from_perturbed_windows_where_there_are_some(random_mel, translate):
    config = preset("debug", "cyclegan").with_overrides([*SHIFT, "method.perturbation=1.2"])
    method, batch = build_method(config), (random_mel(4, 16, 32), random_mel(4, 16, 32))
    (augment,) = method.augmentation(())
    source, target, *perturbed = augment(batch, 3)
    assert source is batch[0] and target is batch[1]
    translated = [translate(method, mel, domain) for mel, domain in zip(perturbed, ("source", "target"), strict=True)]
    expected = sum(mean_error(*pair) for pair in zip(batch, translated, strict=True))
    given = (source, target, *perturbed)
    assert float(method.losses(given, ("generator",))[1]["identity"]) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("settings", [[], [*GATED, "method.masked_frames=6"]], ids=["debug", "gated"])
def test_every_trainable_weight_of_a_player_gets_a_gradient_from_its_own_loss(build, batch, settings):
    method = build(*settings)
    with tf.GradientTape(persistent=True) as tape:
        losses, _ = method.losses(batch, BOTH)
    for player, networks in method.players.items():
        for network in networks:
            variables = network.trainable_variables
            gradients = tape.gradient(losses[player], [variable.value for variable in variables])
            dead = [v.path for v, g in zip(variables, gradients, strict=True) if g is None or not np.any(g)]
            assert dead == [], f"{player}: {network.name}"


def test_each_direction_has_its_generator(build, random_mel, translate):
    method, mel = build(), random_mel(2, 24, 32)
    there, back = (ops.convert_to_numpy(translate(method, mel, domain)) for domain in ("target", "source"))
    np.testing.assert_array_equal(translate(method, mel), there)
    np.testing.assert_array_equal(there, method.generators.to_target(mel, training=False))
    np.testing.assert_array_equal(back, method.generators.to_source(mel, training=False))
    assert np.abs(there - back).max() > 0.05
