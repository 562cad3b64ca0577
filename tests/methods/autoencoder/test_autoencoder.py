"""An autoencoder of voices: which loss each player gets, and what it moves."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from melgan_vc.losses.classification import classification
from melgan_vc.losses.feature_matching import feature_matching
from melgan_vc.losses.hinge import hinge_critic, hinge_generator
from melgan_vc.methods.autoencoder import method as autoencoder
from melgan_vc.methods.registry import build_method
from melgan_vc.nets.content_encoder import content_encoder
from melgan_vc.training.optimizers import player_variables

CONTENTS = {
    "recognizer": ("decoder", "critic", "probe"),
    "student": ("decoder", "student", "critic", "probe"),
    "bottleneck": ("decoder", "critic", "probe"),
    "instance_norm": ("decoder", "critic", "probe"),
    "adversarial": ("decoder", "critic", "classifier", "probe"),
}


@pytest.fixture(scope="module")
def build(settings, batch_of):
    """``build("student", ...)``: the method of two voices with that content, made once, and a batch of theirs."""

    @functools.lru_cache
    def make(content, *overrides):
        keras.utils.set_random_seed(0)
        method = build_method(settings(f"method.content={content}", *overrides))
        return method, batch_of(method)

    return make


def plain(values: dict) -> dict:
    return {name: float(value) for name, value in values.items()}


def gradients(method, batch, player, of, step=0) -> list:
    """What a player's loss would have the variables of another do, None where nothing."""
    with tf.GradientTape() as tape:
        losses, _ = method.losses(batch, (player,), step)
    return tape.gradient(losses[player], [variable.value for variable in player_variables(method, of)])


def judged(method, mel, made, voice, made_voice):
    """What the critic makes of both in training, where each pass changes its spectral vectors."""
    real, fake = (method.critic(list(pair), training=True) for pair in ((mel, voice), (made, made_voice)))
    return real, fake


@pytest.fixture
def losses_of(build):
    """``losses_of(method, batch, players, step=0)``: as `Method.losses`, and leaves the critic as it was."""

    def call(method, *arguments):
        before = method.critic.get_weights()
        found = method.losses(*arguments)
        method.critic.set_weights(before)
        return found

    return call


def moves(gradient) -> bool:
    return gradient is not None and bool(np.any(np.asarray(tf.convert_to_tensor(gradient))))


@pytest.mark.parametrize("content", CONTENTS)
def test_who_plays_and_what_is_kept(build, content):
    method, _ = build(content)
    assert tuple(method.players) == CONTENTS[content] == tuple(method.terms)
    kept = [method.voices.decoder, *([method.voices.encoder] if content != "recognizer" else [])]
    assert {id(w) for w in method.network.weights} == {id(w) for network in kept for w in network.weights}


def test_one_voice_needs_no_probe(build):
    assert tuple(build("bottleneck", 'method.domains=["anna"]')[0].players) == ("decoder", "critic")


@pytest.mark.parametrize("content", CONTENTS)
def test_each_weight_is_moved_by_its_own_player_and_figures_are_those_that_are_told(build, content):
    method, batch = build(content)
    for player, names in method.terms.items():
        losses, terms = method.losses(batch, (player,), 5)
        assert set(losses) == {player} and set(terms) == set(names)
        moved = [moves(gradient) for gradient in gradients(method, batch, player, player, step=5)]
        assert sum(moved) >= len(moved) - 2 * (player == "critic"), "its last offsets are real's against fake's"
    owners = [id(variable) for player in method.players for variable in player_variables(method, player)]
    assert len(owners) == len(set(owners)), "nothing is moved by two"


def test_the_losses_are_their_formulas(build, losses_of):
    weights = ("method.reconstruction=3", "method.adversarial=0.5", "method.feature_matching=2")
    method, batch = build("recognizer", *weights)
    losses, terms = losses_of(method, batch, tuple(method.players))
    made = method.voices.decoder(
        ops.concatenate([batch.content, batch.prosody], axis=-1), method.voices.decoder.of_table(batch.voice)
    )
    (real, *real_heard), (fake, *fake_heard) = judged(method, batch.mel, made, batch.voice, batch.voice)
    distance, matching = ops.mean(ops.abs(made - batch.mel)), feature_matching(real_heard, fake_heard)
    assert float(losses["decoder"]) == pytest.approx(
        float(3.0 * distance + 0.5 * hinge_generator(fake) + 2.0 * matching), rel=1e-4
    )
    assert float(losses["critic"]) == pytest.approx(float(hinge_critic(real, fake)), rel=1e-4)
    assert float(terms["reconstruction"]) == pytest.approx(float(distance), rel=1e-4)
    logits = method.probe(batch.content)
    every = np.repeat(np.asarray(batch.voice), logits.shape[1])
    expected = classification(ops.reshape(logits, (-1, 2)), ops.convert_to_tensor(every))
    assert float(losses["probe"]) == pytest.approx(float(expected), rel=1e-4)
    right = np.argmax(np.asarray(logits), axis=-1).ravel() == every
    assert float(terms["probe_accuracy"]) == pytest.approx(right.mean(), abs=1e-6)


def test_a_student_learns_of_the_recogniser_alone(build):
    """The decoder could move it, and its optimizer has none of it; the student's loss is its distance."""
    method, batch = build("student")
    losses, _ = method.losses(batch, ("student",))
    distance = np.abs(np.asarray(method.voices.encoder(batch.heard)) - np.asarray(batch.content)).mean()
    assert float(losses["student"]) == pytest.approx(distance, rel=1e-4)
    students = {id(variable) for variable in method.voices.encoder.trainable_variables}
    assert not students & {id(variable) for variable in player_variables(method, "decoder")}
    assert not any(map(moves, gradients(method, batch, "student", "decoder")))


def test_an_encoder_is_moved_by_the_decoders_loss(build):
    method, batch = build("bottleneck")
    encoder = {id(variable) for variable in method.voices.encoder.trainable_variables}
    assert encoder <= {id(variable) for variable in player_variables(method, "decoder")}
    assert all(map(moves, gradients(method, batch, "decoder", "decoder")))


def test_the_probe_looks_on_and_no_more(build, losses_of):
    """What is said is not made easier or harder for it: other losses are the same whatever it says."""
    method, batch = build("adversarial")
    others = ("decoder", "critic", "classifier")
    before = plain(losses_of(method, batch, others, 9)[0])
    for variable in method.probe.trainable_variables:
        variable.assign(variable + 3.0)
    assert plain(losses_of(method, batch, others, 9)[0]) == before
    assert {id(v) for v in player_variables(method, "probe")} == {id(v) for v in method.probe.trainable_variables}


def test_confusion_rises_from_0(build):
    """The decoder is paid for what the classifier cannot tell: nothing at first, all of alpha in the end."""
    method, batch = build("adversarial", "method.confusion=2", "method.confusion_steps=100")
    paid = []
    for step in (0, 50, 100, 200):
        losses, terms = method.losses(batch, ("decoder",), step)
        rest = sum(
            getattr(method.config.method, name) * float(terms[name])
            for name in ("reconstruction", "adversarial", "feature_matching")
        )
        paid.append((rest - float(losses["decoder"])) / float(terms["confusion"]))
    np.testing.assert_allclose(paid, [0.0, 1.0, 2.0, 2.0], atol=1e-3)


def test_the_critic_and_its_terms_begin_when_they_are_to(build):
    method, batch = build("bottleneck", "method.critic_from=10")
    weights = {
        name: getattr(method.config.method, name) for name in ("reconstruction", "adversarial", "feature_matching")
    }
    for step, begun in ((0, 0.0), (9, 0.0), (10, 1.0), (50, 1.0)):
        losses, terms = method.losses(batch, ("decoder", "critic"), step)
        rest = sum(weights[name] * float(terms[name]) for name in ("adversarial", "feature_matching"))
        expected = weights["reconstruction"] * float(terms["reconstruction"]) + begun * rest
        assert float(losses["decoder"]) == pytest.approx(expected, rel=1e-4)
        assert (float(losses["critic"]) > 0.0) == bool(begun)


def test_the_classifier_learns_to_tell_the_voice_from_what_is_said(build):
    method, batch = build("adversarial")
    losses, terms = method.losses(batch, ("classifier",))
    logits = np.asarray(method.classifier(method.voices.encoder(batch.heard)))
    right = np.argmax(logits, axis=-1) == np.asarray(batch.voice)[:, None]
    assert float(terms["classifier_accuracy"]) == pytest.approx(right.mean(), abs=1e-6)
    assert float(losses["classifier"]) > 0.0


def test_consistency_compares_what_the_student_hears_of_both(build):
    method, batch = build("student", "method.consistency=2")
    losses, terms = method.losses(batch, ("decoder",))
    heard = method.voices.encoder(batch.heard)
    made = method.voices.decoder(
        ops.concatenate([heard, batch.prosody], axis=-1), method.voices.decoder.of_table(batch.voice)
    )
    again = method.voices.encoder(made[3:])
    assert float(terms["consistency"]) == pytest.approx(float(ops.mean(ops.abs(heard[3:] - again))), rel=1e-4)
    assert float(terms["reconstruction"]) == pytest.approx(float(ops.mean(ops.abs(made[:3] - batch.mel))), rel=1e-4)
    weighted = sum(getattr(method.config.method, name) * float(value) for name, value in terms.items())
    assert float(losses["decoder"]) == pytest.approx(weighted, rel=1e-4)


def test_beside_a_recogniser_the_student_that_ships_hears_the_conversions(settings, batch_of, monkeypatch):
    """Here a small one, because it hears other log-mels than those of the debug preset."""
    small = content_encoder(32, columns=512, channels=8, blocks=1, look_ahead=3)
    monkeypatch.setattr(autoencoder, "trained_student", lambda mel, *, look_ahead: small)
    method = build_method(settings("method.content=recognizer", "method.consistency=2"))
    batch = batch_of(method)
    _, terms = method.losses(batch, ("decoder",))
    told = ops.concatenate([batch.content, batch.prosody], axis=-1)
    made = method.voices.decoder(told, method.voices.decoder.of_table(batch.voice))
    expected = ops.mean(ops.abs(batch.content[3:] - small(made[3:])))
    assert float(terms["consistency"]) == pytest.approx(float(expected), rel=1e-4)
    with tf.GradientTape() as tape:
        _, terms = method.losses(batch, ("decoder",))
    assert np.any(tape.gradient(terms["consistency"], method.voices.decoder.decoder.trainable_variables[0].value))
    assert all(small is not network for networks in method.players.values() for network in networks)


def test_a_classifier_of_recordings_tells_whose_voice_conversions_have(build):
    """Where there are any in training; it does not learn from them."""
    method, batch = build("student", "method.consistency=2", "method.speaker=3")
    losses, terms = method.losses(batch, ("decoder", "classifier"))
    told = ops.concatenate([method.voices.encoder(batch.heard), batch.prosody], axis=-1)
    made = method.voices.decoder(told, method.voices.decoder.of_table(batch.voice))
    wanted = float(classification(method.speakers(made), batch.voice))
    assert float(terms["speaker"]) == pytest.approx(wanted, rel=1e-4)
    of_recordings = classification(method.speakers(batch.mel), batch.voice[:3])
    assert float(losses["classifier"]) == pytest.approx(float(of_recordings), rel=1e-4)
    for overrides in (["method.consistency=0"], ["method.consistency=2", "method.speaker=0"]):
        alone, _ = build("student", *overrides)
        assert alone.speakers is None and "classifier" not in alone.players


def test_a_classifier_of_conversions_tells_whose_words_they_say(build):
    """It learns the source; the decoder is to have it hear the voice that is asked for. Seven frames at a time."""
    method, batch = build("student", "method.consistency=2", "method.source_classification=3")
    losses, terms = method.losses(batch, ("decoder", "source_classifier"))
    told = ops.concatenate([method.voices.encoder(batch.heard), batch.prosody], axis=-1)
    made = method.voices.decoder(told, method.voices.decoder.of_table(batch.voice))
    logits = ops.softmax(method.whose(made[3:]))
    source, wanted = np.asarray(batch.source[3:]), np.asarray(batch.voice[3:])
    assert list(source + wanted) == [1, 1, 1], "every conversion is to another voice"
    for found, whose in ((losses["source_classifier"], source), (terms["source_classification"], wanted)):
        expected = -np.mean([np.log(np.asarray(row)[:, voice]) for row, voice in zip(logits, whose, strict=True)])
        assert float(found) == pytest.approx(expected, rel=1e-4)
    with tf.GradientTape() as tape:
        losses, _ = method.losses(batch, ("source_classifier",))
    (gradient,) = tape.gradient(losses["source_classifier"], [method.whose.trainable_variables[0].value])
    assert np.any(gradient)
    for overrides in (["method.source_classification=3"], ["method.consistency=2"]):
        alone, _ = build("student", *overrides)
        assert alone.whose is None and "source_classifier" not in alone.players


def test_losses_are_float32_where_networks_compute_in_bfloat16(build):
    method, batch = build("student", "method.consistency=2", "training.mixed_precision=true")
    losses, _ = method.losses(batch, tuple(method.players), step=1)
    assert {keras.backend.standardize_dtype(loss.dtype) for loss in losses.values()} == {"float32"}
    assert all(np.isfinite(float(loss)) for loss in losses.values())


def test_the_critic_judges_conversions_too(build, losses_of):
    scores = []
    for consistency in ("0", "2"):
        method, batch = build("student", f"method.consistency={consistency}")
        wanted = slice(None) if consistency == "2" else slice(0, 3)
        told = ops.concatenate([method.voices.encoder(batch.heard), batch.prosody], axis=-1)[wanted]
        _, terms = losses_of(method, batch, ("critic",))
        made = method.voices.decoder(told, method.voices.decoder.of_table(batch.voice[wanted]))
        _, (fake, *_) = judged(method, batch.mel, made, batch.voice[:3], batch.voice[wanted])
        assert float(terms["fake_score"]) == pytest.approx(float(ops.mean(fake)), rel=1e-3, abs=1e-5)
        scores.append(len(fake))
    assert scores == [3, 6]


def test_of_one_voice_the_critic_is_shown_no_conversions(build, losses_of):
    """It would tell them by how people speak who are never wanted."""
    alone = ('method.domains=["anna"]', 'method.sources=["source"]', "method.consistency=2")
    method, batch = build("student", *alone)
    batch = batch._replace(voice=ops.zeros_like(batch.voice))
    _, terms = losses_of(method, batch, ("critic",))
    told = ops.concatenate([method.voices.encoder(batch.heard), batch.prosody], axis=-1)
    made = method.voices.decoder(told, method.voices.decoder.of_table(batch.voice))
    _, (fake, *_) = judged(method, batch.mel, made[:3], batch.voice[:3], batch.voice[:3])
    assert float(terms["fake_score"]) == pytest.approx(float(ops.mean(fake)), rel=1e-3, abs=1e-5)


def test_voices_are_measured_before_a_training_begins(settings, store_of):
    config = settings("method.content=recognizer", "method.speeds=true")
    method = build_method(config)
    method.learn_domains([store_of(config, number) for number in (0, 1)])
    decoder = method.voices.decoder
    for name, octaves, mean in (("anna", 1.0, 0.0), ("boris", 2.0, 1.0)):
        np.testing.assert_allclose(decoder.pitch_of(name), [octaves, 0.17], atol=0.06)
        assert decoder.content_of(name).shape == (2, 512)
        np.testing.assert_allclose(decoder.content_of(name).mean(axis=1), [mean, 2.0], atol=0.05)
    np.testing.assert_allclose(decoder.content_of(None).mean(axis=1), [0.5, 2.0], atol=0.05)
