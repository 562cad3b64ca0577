"""A run that begins with the networks of another: what it takes, and what it refuses."""

import keras
import numpy as np
import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.methods.autoencoder.batches import AutoencoderBatch
from melgan_vc.methods.autoencoder.origin import begin_with_student, begin_with_voices
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_method, build_network
from melgan_vc.nets.student.weights import SHA256, trained_student
from melgan_vc.runs.origin import Origin
from melgan_vc.runs.run_folder import RunFolder

REFERENCE = "method.voice=reference"


def begun(run, config):
    keras.utils.set_random_seed(2)
    network = build_network(config)
    begin_with_voices(run, config, network)
    return network


def test_it_has_the_networks_and_the_voices_that_it_knows_by_name(run_of, settings):
    run, other = run_of(settings(REFERENCE))
    own = begun(run, settings('method.domains=["carla","boris"]', REFERENCE))
    for mine, its in (
        (own.encoder, other.encoder),
        (own.decoder.decoder, other.decoder.decoder),
        (own.decoder.reference, other.decoder.reference),
    ):
        for one, same in zip(mine.get_weights(), its.get_weights(), strict=True):
            np.testing.assert_array_equal(one, same)
    anna, boris = np.asarray(other.decoder.vectors)
    np.testing.assert_allclose(own.decoder.vectors, [(anna + boris) / 2.0, boris], rtol=1e-6)


def test_what_an_encoder_with_instance_norm_takes_away_is_taken_too(run_of, settings):
    config = settings("method.content=instance_norm")
    run, other = run_of(config)
    other.decoder.moments.assign(other.decoder.moments + 2.0)
    other.save_weights(RunFolder(run).weights_file)
    np.testing.assert_array_equal(begun(run, config).decoder.moments, other.decoder.moments)


def test_a_run_without_a_critic_is_gone_on_with_by_one_with(run_of, settings):
    without = settings("method.adversarial=0", "method.feature_matching=0")
    run, other = run_of(without)
    assert not without.method.has_critic and settings().method.has_critic
    np.testing.assert_array_equal(begun(run, settings()).decoder.vectors, other.decoder.vectors)


@pytest.mark.parametrize(
    ("theirs", "message"),
    [
        ("method.blocks=3", "received: method.blocks is 2 in the run and 3 in before. Take its settings: --config"),
        ("method.code=4", "received: method.code is 8 in the run and 4 in before"),
        ("mel.n_mels=40", "to use the same log-mel settings, received: n_mels is 32 in the run and 40 in the model"),
    ],
)
def test_other_networks_are_refused_with_what_differs(run_of, settings, theirs, message):
    run, _ = run_of(settings(theirs))
    with pytest.raises(MelganVcError, match=message):
        begun(run, settings())


def test_a_run_of_another_method_is_refused(save_run, tmp_path, settings):
    run = save_run(tmp_path / "gan")
    with pytest.raises(MelganVcError, match="Expected an autoencoder for --start-from, received: gan, .* travelgan"):
        begun(run, settings())


def test_the_networks_of_the_presets_with_a_recogniser_and_a_student_are_not_taken_for_each_other(run_of):
    run, _ = run_of(preset("debug", "autoencoder").with_overrides(["method.content=recognizer"]))
    with pytest.raises(MelganVcError, match="method.content is 'student' in the run|method.content is student"):
        begun(run, preset("debug", "autoencoder").with_overrides(["method.content=student"]))


@pytest.mark.parametrize("look_ahead", [12, 4, 0])
def test_a_student_begins_with_the_nearest_that_ships(look_ahead):
    """However far it looks ahead: kernels are the same. Not if it hears other log-mels, or is of another size."""
    student = preset("student", "autoencoder")
    nearest = min(SHA256, key=lambda ahead: abs(ahead - look_ahead))
    shipped = trained_student(student.mel, look_ahead=nearest).get_weights()
    for overrides, begins in (([], True), (["method.student.channels=64"], False), (["mel.fmax=7000"], False)):
        config = student.with_overrides([f"method.look_ahead={look_ahead}", *overrides])
        keras.utils.set_random_seed(2)
        network = build_network(config)
        begin_with_student(config, network)
        mine = network.encoder.get_weights()
        assert (mine[0].shape == shipped[0].shape and np.array_equal(mine[0], shipped[0])) == begins


@pytest.mark.parametrize(
    ("settings_of", "begins", "step"),
    [
        (["method.critic_from=none"], False, 1500),
        (["method.critic_from=none"], True, 100),
        (["method.critic_from=7"], True, 7),
        (["method.critic_from=none", "method.content=notes"], False, 800),
    ],
)
def test_a_critic_begins_early_where_the_decoder_can_already(run_of, settings, settings_of, begins, step):
    method = build_method(settings(*settings_of))
    run = run_of(settings(*settings_of))[0] if begins else None
    method.begin_with(Origin(start_from=run and str(run)), resumed=False)
    assert method.config.method.critic_begins(after_another=begins) == step
    draw, config = np.random.default_rng(0), method.config
    told = method.voices.decoder.decoder.inputs[0].shape[-1]
    content = 176 if config.method.learns_notes else 0
    shapes = {"mel": 32, "heard": 0 if content else 32, "content": content, "neutral": 0, "reference": 0}
    shapes["prosody"] = told - (content or config.method.code)
    frames = {name: draw.uniform(0.0, 1.0, (2, 32, columns)).astype(np.float32) for name, columns in shapes.items()}
    batch = AutoencoderBatch(**frames, voice=np.int32([0, 1]), source=np.int32([0, 1]))
    critic = [float(method.losses(batch, ("critic",), at)[0]["critic"]) for at in (step - 1, step)]
    assert critic[0] == 0.0 < critic[1]
