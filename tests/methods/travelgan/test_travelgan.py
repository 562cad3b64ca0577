"""The method: which loss each player gets, and from what."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_method
from melgan_vc.nets.registry import names_of

BOTH = ("generator", "critic")


@pytest.fixture
def build():
    """``build("method.identity=0", ...)``: the `debug` preset's method with settings."""

    def make(*overrides):
        keras.utils.set_random_seed(0)
        return build_method(preset("debug").with_overrides(list(overrides)))

    return make


@pytest.fixture
def batch(random_mel):
    return random_mel(4, 32, 32), random_mel(4, 32, 32)


def moved(method, draw):
    """The generator leaves the identity, so that every loss has something to say."""
    for variable in method.generator.trainable_variables:
        variable.assign(variable + 0.1 * draw.normal(size=variable.shape))
    return method


def plain(values: dict) -> dict:
    return {name: float(value) for name, value in values.items()}


def test_each_player_that_moves_gets_one_loss(build, batch):
    method = build()
    for players in (BOTH, ("critic",), ("generator",)):
        losses, terms = method.losses(batch, players)
        assert set(losses) == set(players)
        assert set(terms) == {name for player in players for name in method.terms[player]}
        assert all(ops.shape(value) == () for value in [*losses.values(), *terms.values()])


def test_untrained_generator_copies_and_keeps_its_content(build, batch):
    _, terms = build().losses(batch, BOTH)
    assert float(terms["copy"]) < 1e-5
    assert float(terms["identity"]) < 1e-5
    assert float(terms["travel"]) == pytest.approx(-1.0, abs=1e-4)
    assert float(terms["adversarial"]) == pytest.approx(-float(terms["fake_score"]))


def test_generator_loss_is_the_weighted_sum_of_its_terms(build, batch, draw):
    settings = ["adversarial=0.7", "travel=3", "margin=2", "identity=4", "margin_distance=9"]
    method = moved(build(*(f"method.{setting}" for setting in settings)), draw)
    losses, terms = method.losses(batch, BOTH)
    terms = plain(terms)
    assert min(abs(terms[name]) for name in ("adversarial", "travel", "margin", "identity")) > 1e-4
    expected = 0.7 * terms["adversarial"] + 3.0 * terms["travel"] + 2.0 * terms["margin"] + 4.0 * terms["identity"]
    assert float(losses["generator"]) == pytest.approx(expected, rel=1e-5)


def test_margin_counts_source_chunks_only_and_identity_target_windows_only(build, batch, draw):
    method = moved(build("method.margin_distance=9"), draw)
    source, target = batch
    before = plain(method.losses((source, target), ("generator",))[1])
    other_target = plain(method.losses((source, -target), ("generator",))[1])
    other_source = plain(method.losses((-source, target), ("generator",))[1])
    assert other_target["margin"] == pytest.approx(before["margin"], rel=1e-6)
    assert other_target["travel"] == pytest.approx(before["travel"], rel=1e-6)
    assert other_target["identity"] != pytest.approx(before["identity"], rel=1e-3)
    assert other_source["identity"] == pytest.approx(before["identity"], rel=1e-6)
    assert other_source["margin"] != pytest.approx(before["margin"], rel=1e-4)
    moved(method, draw)
    other_generator = plain(method.losses((source, target), ("generator",))[1])
    assert other_generator["margin"] == pytest.approx(before["margin"], rel=1e-6)
    assert other_generator["travel"] != pytest.approx(before["travel"], rel=1e-4)


def test_generator_sees_chunks_alone_and_the_critic_the_whole_window(build, random_mel, draw):
    method = moved(build("method.pieces=4"), draw)
    windows = random_mel(3, 32, 32)
    chunks = ops.convert_to_numpy(method._chunks(windows))
    assert chunks.shape == (12, 8, 32)
    np.testing.assert_array_equal(chunks[5], windows[1, 8:16])
    np.testing.assert_array_equal(method._windows(chunks), windows)

    # What the critic scores is the four translations side by side.
    sides = [method.generator(windows[:, start : start + 8], training=False) for start in (0, 8, 16, 24)]
    score = np.mean(method.critic(np.concatenate(sides, axis=1), training=False))
    assert float(method.losses((windows, windows), BOTH)[1]["fake_score"]) == pytest.approx(score, abs=0.01)


def test_single_pairs_join_the_first_and_last_chunk_of_each_window(build, draw):
    method = build("method.pairs=single", "method.pieces=4")
    embeddings = draw.normal(size=(3 * 4, 5)).astype(np.float32)
    vectors, weights = method.content.vectors(embeddings)
    np.testing.assert_allclose(vectors, embeddings[0::4] - embeddings[3::4])
    np.testing.assert_allclose(weights, [1 / 3] * 3, rtol=1e-6)


def test_every_trainable_weight_of_a_player_gets_a_gradient_from_its_own_loss(build, batch, draw):
    method = moved(build("method.margin_distance=9"), draw)
    # Were all scores within the hinge, the last bias would raise real and fake ones alike: no gradient is right.
    method.critic.trainable_variables[-1].assign([3.0])
    with tf.GradientTape(persistent=True) as tape:
        losses, _ = method.losses(batch, BOTH)
    for player, networks in method.players.items():
        for network in networks:
            variables = network.trainable_variables
            gradients = tape.gradient(losses[player], [variable.value for variable in variables])
            dead = [v.path for v, g in zip(variables, gradients, strict=True) if g is None or not np.any(g)]
            assert dead == [], f"{player}: {network.name}"


def test_translation_ignores_the_rest_of_the_batch(build, random_mel, draw, translate):
    method = moved(build(), draw)
    mel = random_mel(3, 50, 32)
    together = translate(method, mel)
    np.testing.assert_allclose(translate(method, mel[1:2]), together[1:2], atol=1e-5)
    assert np.abs(together - mel).max() > 0.05


@pytest.mark.parametrize("generator", names_of("generator"))
@pytest.mark.parametrize("siamese", names_of("siamese"))
def test_architectures_combine(build, batch, generator, siamese):
    method = build(
        f"method.generator.architecture={generator}",
        f"method.siamese.architecture={siamese}",
        "method.critic.architecture=paper",
    )
    losses, _ = method.losses(batch, BOTH)
    assert all(np.isfinite(value) for value in plain(losses).values())
