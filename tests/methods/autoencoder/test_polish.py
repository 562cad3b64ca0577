"""The second stage: an edit of what frozen networks make."""

import keras
import numpy as np
import pytest
from keras import ops

from melgan_vc.errors import MelganVcError
from melgan_vc.losses.classification import classification
from melgan_vc.losses.feature_matching import feature_matching
from melgan_vc.losses.hinge import hinge_critic, hinge_generator
from melgan_vc.methods.autoencoder.batches import AutoencoderBatches
from melgan_vc.methods.autoencoder.origin import begin_polishing
from melgan_vc.methods.conversion import conversion_of
from melgan_vc.methods.loading import load_conversion
from melgan_vc.methods.registry import build_method, build_network
from melgan_vc.methods.starting_config import starting_config
from melgan_vc.runs.folders_of_domains import with_domains
from melgan_vc.runs.origin import Origin
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.training.optimizers import player_variables
from melgan_vc.training.trainer import Trainer

POLISH = "method.polish=true"


def frozen(voices) -> list[np.ndarray]:
    """All weights but those of the edit."""
    edits = {id(weight) for weight in voices.decoder.edit.weights}
    return [np.array(weight) for weight in voices.weights if id(weight) not in edits]


def frames_of(conversion, number):
    frames = np.random.default_rng(4).uniform(-1.0, 1.0, (number, conversion.columns)).astype(np.float32)
    frames[:, -3:] = [1.0, 1.0, 0.7]
    return frames


@pytest.mark.parametrize("content", ["recognizer", "student", "adversarial"])
def test_only_the_edit_is_trained_and_what_is_frozen_is_kept_in_checkpoints(settings, content):
    method = build_method(settings(f"method.content={content}", POLISH))
    assert tuple(method.players) == ("edit", "critic", "classifier") == tuple(method.terms)
    moved = {id(variable) for variable in player_variables(method, "edit")}
    assert moved == {id(variable) for variable in method.voices.decoder.edit.trainable_variables}
    saved = {id(variable) for network in method.players["edit"] for variable in network.variables}
    assert {id(weight) for weight in method.voices.weights} <= saved


def test_one_voice_needs_no_classifier(settings):
    method = build_method(settings(POLISH, 'method.domains=["anna"]'))
    assert tuple(method.players) == ("edit", "critic")


def test_the_losses_are_their_formulas(settings, batch_of):
    weights = ("method.reconstruction=3", "method.adversarial=0.5", "method.feature_matching=2", "method.speaker=4")
    method = build_method(settings(POLISH, "method.critic_from=10", *weights))
    batch, decoder = batch_of(method), method.voices.decoder
    told = ops.concatenate([method.voices.encoder(batch.heard), batch.prosody], axis=-1)
    made = decoder(told, decoder.of_table(batch.voice))
    assert len(made) == 6, "conversions too"
    before = method.critic.get_weights()
    losses, terms = method.losses(batch, tuple(method.players), 10)
    early, _ = method.losses(batch, tuple(method.players), 9)
    method.critic.set_weights(before)
    (real, *real_heard), (fake, *fake_heard) = (
        method.critic(pair, training=True) for pair in ([batch.mel, batch.voice[:3]], [made, batch.voice])
    )
    expected = {
        "reconstruction": ops.mean(ops.abs(made[:3] - batch.mel)),
        "adversarial": hinge_generator(fake),
        "feature_matching": feature_matching(real_heard, [layer[:3] for layer in fake_heard]),
        "speaker": classification(method.speakers(made), batch.voice),
    }
    for name, value in expected.items():
        assert float(terms[name]) == pytest.approx(float(value), rel=1e-3, abs=1e-5), name
    weighted = 3.0 * expected["reconstruction"] + 0.5 * expected["adversarial"]
    weighted += 2.0 * expected["feature_matching"] + 4.0 * expected["speaker"]
    assert float(losses["edit"]) == pytest.approx(float(weighted), rel=1e-3)
    assert float(early["edit"]) == pytest.approx(3.0 * float(expected["reconstruction"]), rel=1e-3)
    assert float(losses["critic"]) == pytest.approx(float(hinge_critic(real, fake)), rel=1e-3)
    on_recordings = classification(method.speakers(batch.mel), batch.voice[:3])
    assert float(losses["classifier"]) == pytest.approx(float(on_recordings), rel=1e-3)
    assert float(early["critic"]) > 0.0 and float(early["classifier"]) > 0.0, "they begin before their terms do"


def test_it_begins_as_the_run_converts_and_after_three_steps_only_the_edit_is_another(
    settings, run_of, batch_of, tmp_path
):
    run, _ = run_of(settings())
    trainer = Trainer(starting_config(None, None, "autoencoder", polish=run))
    trainer.run_eagerly = True
    trainer.method.begin_with(Origin(polish=str(run)), resumed=False)
    voices, config = trainer.method.voices, trainer.config
    first, second = load_conversion(run, to="boris"), conversion_of(config, voices, to="boris")
    frames = frames_of(first, 60)
    before = first.whole(frames)
    np.testing.assert_array_equal(second.whole(frames), before)
    kept, begun = frozen(voices), voices.decoder.edit.get_weights()
    batch = batch_of(trainer.method)
    trainer.fit(((part,) for part in [batch] * 3), steps_per_epoch=3, epochs=1, verbose=0, shuffle=False)
    for now, then in zip(frozen(voices), kept, strict=True):
        np.testing.assert_array_equal(now, then)
    assert not all(map(np.array_equal, voices.decoder.edit.get_weights(), begun))

    folder = RunFolder(tmp_path / "after")
    folder.save_config(config)
    trainer.averaged_network().save_weights(folder.weights_file)
    (run / "config.json").unlink()  # the first stage is not needed any more
    after = load_conversion(folder.path, to="boris").whole(frames)
    assert after.shape == before.shape and np.abs(after - before).max() > 1e-4


def test_what_instance_norm_takes_away_is_frozen_too(settings, batch_of):
    method = build_method(settings("method.content=instance_norm", POLISH))
    before = np.array(method.voices.decoder.moments)
    method.losses(batch_of(method), ("classifier",))
    np.testing.assert_array_equal(method.voices.decoder.moments, before)


def test_it_has_the_networks_and_what_was_measured_of_the_voices(settings, run_of, store_of):
    run, other = run_of(settings("method.content=recognizer"))
    other.decoder.pitches.assign([[1.0, 0.1], [2.0, 0.2]])
    other.decoder.statistics.assign(ops.stack([ops.full((2, 512), 3.0), ops.full((2, 512), 4.0)]))
    other.save_weights(RunFolder(run).weights_file)
    config = with_domains(starting_config(None, None, "autoencoder", polish=run), {"boris": ""})
    method = build_method(config)
    method.begin_with(Origin(polish=str(run)), resumed=False)
    method.learn_domains([store_of(config, 0)])
    own = method.voices.decoder
    np.testing.assert_array_equal(own.pitch_of("boris"), other.decoder.pitch_of("boris"))
    np.testing.assert_array_equal(own.content_of("boris"), other.decoder.content_of("boris"))
    np.testing.assert_array_equal(own.vectors, other.decoder.vectors[1:])
    for one, same in zip(own.decoder.get_weights(), other.decoder.decoder.get_weights(), strict=True):
        np.testing.assert_array_equal(one, same)


def test_half_of_a_batch_are_conversions_of_recordings_that_are_heard_as_they_are(settings, store_of):
    config = settings("method.content=student", POLISH, "method.perturbation=1.2", 'method.sources=["source"]')
    assert config.method.trained_with == (), "a student that is frozen needs no teacher"
    batch = AutoencoderBatches(config, [store_of(config, number) for number in range(3)]).batch(0)
    assert len(batch.mel) == 4 and len(batch.voice) == len(batch.heard) == 8
    folder = np.round(10.0 * batch.heard.mean(axis=(1, 2))).astype(int)
    assert set(folder[:4]) <= {0, 1}
    np.testing.assert_allclose(
        batch.heard, np.broadcast_to(folder[:, None, None] / 10.0, batch.heard.shape), atol=1e-3
    )
    np.testing.assert_array_equal(batch.voice[:4], folder[:4])
    assert not np.any(batch.voice[4:] == folder[4:]) and set(batch.voice) == {0, 1}


def test_settings_are_those_of_the_run_but_for_what_only_its_stage_needs(settings, run_of):
    asked = settings("method.content=student", "method.consistency=2", "method.adversarial=0", "training.seed=7")
    run, _ = run_of(asked.with_overrides(["method.feature_matching=0", "method.critic_from=900"]))
    config = starting_config(None, None, "autoencoder", polish=run)
    method = config.method
    assert method.polish and method.content == "student" and config.training.seed == 7
    assert (method.consistency, method.adversarial, method.feature_matching) == (0.0, 1.0, 4.0)
    assert method.critic_from == 200


def test_what_is_no_second_stage_is_refused_with_what_to_do(settings, run_of, save_run, tmp_path):
    run, _ = run_of(settings(POLISH))
    with pytest.raises(MelganVcError, match="Expected --polish with a run that was not polished itself, received"):
        starting_config(None, None, "autoencoder", polish=run)
    with pytest.raises(
        MelganVcError, match="Expected --polish without --preset and --config.*received: --preset debug"
    ):
        starting_config("debug", None, "autoencoder", polish=run)
    gan = save_run(tmp_path / "gan")
    with pytest.raises(MelganVcError, match="Expected --polish with settings of autoencoder, received: .*travelgan"):
        starting_config(None, None, "autoencoder", polish=gan)


@pytest.mark.parametrize(
    ("origin", "domains", "message"),
    [
        (Origin(), None, "Expected --polish RUN, whose networks are kept as they are, received: none"),
        (Origin(start_from="x", polish="before"), None, "received: --start-from x too"),
        (Origin(polish="before"), '["anna","boriss"]', "voices of before, anna, boris, received: 'boriss'; did you"),
    ],
)
def test_what_it_cannot_begin_with_is_refused(settings, run_of, tmp_path, monkeypatch, origin, domains, message):
    run_of(settings())
    monkeypatch.chdir(tmp_path)
    config = settings(POLISH, *([f"method.domains={domains}"] if domains else []))
    keras.utils.set_random_seed(2)
    with pytest.raises(MelganVcError, match=message):
        begin_polishing(origin, config, build_network(config))


def test_consistency_is_of_the_first_stage(settings):
    with pytest.raises(MelganVcError, match="expected consistency=0 with --polish, received: consistency=1"):
        settings(POLISH, "method.content=student", "method.consistency=1")
