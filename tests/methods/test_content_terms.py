"""Content terms in every method that has them, each alone and together."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from melgan_vc.audio.voice_shift import shift_log_mel
from melgan_vc.errors import MelganVcError
from melgan_vc.losses.content_consistency import content_consistency
from melgan_vc.losses.notes import note_consistency
from melgan_vc.losses.patch_nce import patch_nce
from melgan_vc.losses.travel import all_pairs, travel
from melgan_vc.methods import content_terms
from melgan_vc.methods.conversion import conversion_of
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_method
from melgan_vc.methods.voice_conditioning import shift_to
from melgan_vc.nets.content_encoder import content_encoder
from melgan_vc.nets.gated_layers import MISSING
from melgan_vc.training.trainer import Trainer

WEIGHTS = {
    "travel": 3.0,
    "cycle": 5.0,
    "patch_nce": 0.7,
    "self_regularization": 2.0,
    "content_consistency": 1.3,
    "note_consistency": 1.2,
    "pitch_class": 0.9,
    "loudness": 1.1,
    "onsets": 0.8,
}
# The published margin of 2 is reached at once by untrained networks.
ALWAYS = ["method.identity=0", "method.margin_distance=9"]
# Without spectral norm, whose vectors move on in every call: what is worked out twice comes out the same.
SAME_TWICE = ["method.critic.architecture=gated_patch", "method.critic.channels=8"]


@pytest.fixture(autouse=True)
def small_student(monkeypatch):
    """Instead of those that ship, which hear other log-mels than those of the debug presets."""

    def make(mel, *, look_ahead):
        return content_encoder(mel.n_mels, columns=16, channels=8, blocks=2, look_ahead=look_ahead)

    def make_musical(mel):
        return content_encoder(mel.n_mels, columns=176, channels=8, blocks=2, look_ahead=3, probabilities=True)

    monkeypatch.setattr(content_terms, "trained_student", make)
    monkeypatch.setattr(content_terms, "trained_note_student", make_musical)


@pytest.fixture(params=["travelgan", "cyclegan"])
def name(request):
    return request.param


def configure(name, terms, *overrides):
    weights = [f"method.{term}={WEIGHTS[term] if term in terms else 0}" for term in WEIGHTS]
    return preset("debug", name).with_overrides([*ALWAYS, *weights, *overrides])


def moved(method, draw):
    """The method with generators that do something: untrained ones copy, and only their last layers can learn."""
    for network in method.players["generator"]:
        for variable in network.trainable_variables:
            variable.assign(variable + 0.1 * draw.normal(size=variable.shape))
    return method


@pytest.fixture
def build(name, draw):
    """``build(["travel"], "method.pitch=0.7")``: the method with these terms alone, moved."""

    def make(terms, *overrides):
        keras.utils.set_random_seed(0)
        return moved(build_method(configure(name, terms, *overrides)), draw)

    return make


@pytest.fixture
def batch(name, random_mel):
    width = preset("debug", name).method.width
    return random_mel(4, width, 32), random_mel(4, width, 32)


def directions(method, batch):
    """``(domain, chunks that are given to its generator)`` of each direction."""
    source, target = batch
    if method.config.method.name == "travelgan":
        return [("target", source.reshape(8, 16, 32))]
    return [("target", source), ("source", target)]


def mean_error(one, other):
    return float(np.mean(np.abs(ops.convert_to_numpy(one) - ops.convert_to_numpy(other))))


@pytest.mark.parametrize("term", WEIGHTS)
def test_a_term_trains_the_generator_and_the_networks_that_it_needs(name, build, batch, term):
    method = build([term])
    first, *more = method.players["generator"]
    assert first is method.network
    needed = {"travel": ["siamese"], "patch_nce": ["patch_features"]}
    needed["cycle"] = ["residual_generator"] if name == "travelgan" else []
    assert [network.name.rstrip("_0123456789") for network in more] == needed.get(term, [])

    with tf.GradientTape(persistent=True) as tape:
        losses, terms = method.losses(batch, ("generator",))
        term = terms[term]
    for loss, networks in ((term, [first]), (losses["generator"], more)):
        for network in networks:
            variables = network.trainable_variables
            gradients = tape.gradient(loss, [variable.value for variable in variables])
            dead = [v.path for v, g in zip(variables, gradients, strict=True) if g is None or not np.any(g)]
            assert dead == [], network.name


def test_one_step_changes_every_network_of_the_generators_player(name, batch, draw):
    trainer = Trainer(configure(name, ["travel", "cycle", "patch_nce"]))
    trainer.run_eagerly = True
    moved(trainer.method, draw)
    networks = trainer.method.players["generator"]
    assert len(networks) == (4 if name == "travelgan" else 3)
    before = [network.get_weights() for network in networks]
    trainer.fit(((given,) for given in [batch]), steps_per_epoch=1, verbose=0, shuffle=False)
    for network, old in zip(networks, before, strict=True):
        still = [v.path for v, w in zip(network.weights, old, strict=True) if v.trainable and not np.any(v - w)]
        assert still == [], network.name


@pytest.mark.parametrize(
    ("term", "role"), [("content_consistency", "listener"), ("note_consistency", "note_listener")]
)
def test_the_student_that_listens_learns_nothing(term, role, name, batch, draw):
    trainer = Trainer(configure(name, [term]))
    trainer.run_eagerly = True
    listener, generator = getattr(trainer.method.content, role), moved(trainer.method, draw).network
    before, generates = listener.get_weights(), generator.get_weights()
    trainer.fit(((given,) for given in [batch]), steps_per_epoch=1, verbose=0, shuffle=False)
    for one, other in zip(listener.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)
    assert any(np.any(one - other) for one, other in zip(generator.get_weights(), generates, strict=True))


def test_the_student_that_ships_hears_its_own_log_mels_alone(name, monkeypatch):
    monkeypatch.undo()
    with pytest.raises(MelganVcError, match="n_mels is 80 in the student that ships and 32 in the run"):
        build_method(configure(name, ["content_consistency"]))


def test_the_loss_is_the_sum_of_its_terms_by_their_weights(build, batch):
    weights = {"adversarial": 0.5, "margin": 1.5, **WEIGHTS}
    method = build(WEIGHTS, "method.adversarial=0.5", "method.margin=1.5")
    losses, terms = method.losses(batch, ("generator", "critic"))
    assert set(terms) == {name for player in ("generator", "critic") for name in method.terms[player]}
    assert min(abs(float(terms[name])) for name in weights) > 1e-4
    expected = sum(weight * float(terms[name]) for name, weight in weights.items())
    assert float(losses["generator"]) == pytest.approx(
        expected + float(terms.get("second_adversarial", 0.0)), rel=1e-5
    )


def test_terms_are_their_formulas_from_the_networks_own_outputs(build, batch, translate):
    """Summed over both directions where there are two."""
    method = build(WEIGHTS, *SAME_TWICE)
    _, terms = method.losses(batch, ("generator",))
    content, travels, contrasts, changes, lost = method.content, 0.0, 0.0, 0.0, 0.0
    for domain, given in directions(method, batch):
        made = translate(method, given, domain)
        (vectors, weights), (changed, _) = (all_pairs(content.siamese(mel)) for mel in (given, made))
        travels += float(travel(vectors, changed, weights))
        contrasts += float(patch_nce(content.patch_features(made), content.patch_features(given)))
        changes += float(content_consistency(content.listener(given), content.listener(made)))
        lost += float(note_consistency(content.note_listener(given), content.note_listener(made)))
    assert float(terms["content_consistency"]) == pytest.approx(changes, rel=1e-4)
    assert float(terms["note_consistency"]) == pytest.approx(lost, rel=1e-4)
    assert float(terms["travel"]) == pytest.approx(travels, rel=1e-4)
    assert float(terms["patch_nce"]) == pytest.approx(contrasts, rel=1e-4)


def test_a_term_that_is_off_is_neither_shown_nor_computed(build, batch):
    method = build([])
    assert method.content.networks == () and method.content.names == () and method.siamese is None
    assert method.content.terms(*batch) == {}
    assert "patch_nce" not in method.terms["generator"]
    _, terms = method.losses(batch, ("generator",))
    assert all(float(terms[name]) == 0.0 for name in ("travel", "margin", "self_regularization") if name in terms)


def test_new_terms_leave_the_start_of_the_networks_there_were_alone(name):
    """So that runs with one more term can be compared."""
    alone, more = (
        Trainer(configure(name, terms)).method.network.get_weights() for terms in ([], ["travel", "patch_nce"])
    )
    for one, other in zip(alone, more, strict=True):
        np.testing.assert_array_equal(one, other)


def test_way_back_of_a_one_way_method_shifts_by_the_inverse(random_mel):
    """Untrained generators edit nothing: what is left is the shift, down and up again."""
    config = configure("travelgan", ["cycle"], "method.pitch=0.6", "method.formants=0.8")
    method, mel = build_method(config), random_mel(2, 16, 32)
    down, up = (shift_to(domain, config) for domain in ("target", "source"))
    there = method.generator(mel, training=False)
    np.testing.assert_allclose(there, shift_log_mel(mel, down), atol=1e-4)
    back = method.content.return_generator(there, training=False)
    np.testing.assert_allclose(back, shift_log_mel(shift_log_mel(mel, down), up), atol=1e-4)
    _, terms = method.losses([random_mel(4, 32, 32)] * 2, ("generator",))
    assert float(terms["cycle"]) > 0.01


def test_what_is_shifted_is_compared_with_the_shifted_input(random_mel, translate):
    """An untrained generator only shifts: that is no change of content to these two terms."""
    terms = ["self_regularization", "patch_nce"]
    method = build_method(configure("travelgan", terms, "method.pitch=0.6", "method.formants=0.8"))
    _, found = method.losses([random_mel(4, 32, 32)] * 2, ("generator",))
    assert float(found["self_regularization"]) < 1e-5 and float(found["copy"]) > 0.05
    keys = method.content.patch_features(translate(method, random_mel(8, 16, 32)))
    assert float(found["patch_nce"]) == pytest.approx(float(patch_nce(keys, keys)), abs=0.3)


def test_content_is_that_of_the_whole_window_where_the_generator_misses_frames(build, batch, translate):
    source, target = batch
    method = build(["travel", "cycle"], "method.masked_frames=6", *SAME_TWICE)
    gaps = [windows.copy() for windows in batch]
    for windows in gaps:
        windows[:, 4:9] = MISSING
    given = (source, target, *gaps) if method.config.method.name == "cyclegan" else (source, target, gaps[0])
    (_, whole), (_, masked) = (method.losses(arrays, ("generator",)) for arrays in (batch, given))
    assert float(masked["margin"]) == pytest.approx(float(whole["margin"]), rel=1e-5)
    assert abs(float(masked["travel"]) - float(whole["travel"])) > 1e-4
    expected = 0.0
    for (domain, chunks), (_, with_gaps) in zip(directions(method, batch), directions(method, gaps), strict=True):
        made = translate(method, with_gaps, domain)
        back = method.content.return_generator or method.network.generator_to("source")
        expected += mean_error(chunks, back(made) if domain == "target" else translate(method, made, "target"))
    assert float(masked["cycle"]) == pytest.approx(expected, rel=1e-4)


def test_gaps_are_drawn_for_each_chunk_that_a_generator_is_given(name, build, batch):
    method = build(["cycle"], "method.masked_frames=6", "method.perturbation=1.2")
    (augment,) = method.augmentation(())
    given = augment(batch, 3)
    assert [array.shape for array in given] == [batch[0].shape] * (4 if name == "travelgan" else 6)
    for (_, whole), (_, gaps) in zip(
        directions(method, batch),
        directions(method, (given[-1 if name == "travelgan" else -2], given[-1])),
        strict=True,
    ):
        missing = np.all(gaps == MISSING, axis=2)
        np.testing.assert_array_equal(gaps[~missing], whole[~missing])
        lengths = missing.sum(axis=1)
        assert lengths.max() <= 6 and np.count_nonzero(lengths) > len(lengths) / 2
    again = augment(batch, 3)
    for one, other in zip(given, again, strict=True):
        np.testing.assert_array_equal(one, other)
    losses, _ = method.losses(given, ("generator",))
    assert np.isfinite(float(losses["generator"]))


@pytest.mark.parametrize("architecture", ["residual", "two_one_two"])
def test_a_generator_that_fills_in_converts_whole_windows_wherever_they_are_cut(
    name, build, random_mel, architecture
):

    net = [f"method.generator.architecture={architecture}", "method.generator.channels=8"]
    method = build([], "method.masked_frames=6", *net)
    model = conversion_of(method.config, method.network)
    mel, (before, after, _) = random_mel(1, 256, 32), model.reach
    whole, middle = model(mel), model(mel[:, 128 - before : 160 + after])
    np.testing.assert_allclose(middle[:, before : before + 32], whole[:, 128:160], atol=1e-4)
    assert np.abs(whole - mel).max() > 0.05
