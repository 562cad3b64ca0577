"""A run as a function from log-mel to log-mel, and what is said of a folder that is none."""

import json
import shutil

import h5py
import numpy as np
import pytest

from melgan_vc.audio.bands import Bands
from melgan_vc.audio.chunks import Reach
from melgan_vc.audio.voice import Voice
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.conversion import conversion_of
from melgan_vc.methods.loading import load_conversion
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_network
from melgan_vc.methods.stargan.conversion import Adaptation


@pytest.mark.parametrize(
    "kind, to",
    [
        ("residual_run", "target"),
        ("paper_run", "target"),
        ("cyclegan_run", "target"),
        ("cyclegan_run", "source"),
        ("stargan_run", "target"),
        ("stargan_run", "source"),
    ],
)
@pytest.mark.parametrize("frames", [61, 200])
def test_chunked_conversion_equals_whole(request, random_mel, kind, to, frames):
    model = load_conversion(request.getfixturevalue(kind), to=to)
    mel = random_mel(frames, 32)
    before, after, stride = model.reach
    after += -frames % stride
    whole = np.pad(mel, ((before, after), (0, 0)), constant_values=-1.0)
    expected = model(whole[None])[0, before : before + frames]
    assert np.abs(expected - mel).max() > 0.1, "the identity would prove little"
    pieces = np.split(mel, [3, 50])
    made = np.concatenate(list(model.in_chunks(chunk=24).stream(pieces)))
    np.testing.assert_allclose(made, expected, rtol=0, atol=1e-4)
    np.testing.assert_allclose(model.whole(mel), expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    "kind, reach",
    [
        ("residual_run", Reach(16, 16)),
        ("paper_run", Reach(24, 24, 4)),
        ("cyclegan_run", Reach(80, 84, 4)),
        ("stargan_run", Reach(16, 16)),
    ],
)
def test_its_reach_is_measured(request, kind, reach):
    assert load_conversion(request.getfixturevalue(kind)).reach == reach


def test_an_untrained_residual_generator_is_the_identity(identity_model, random_mel):
    mel = random_mel(2, 48, 32)
    np.testing.assert_allclose(identity_model(mel), mel, atol=1e-6)


@pytest.mark.parametrize("kind", ["cyclegan_run", "stargan_run"])
def test_a_run_of_both_directions_has_a_generator_for_each(request, kind, random_mel):
    run, mel = request.getfixturevalue(kind), random_mel(1, 48, 32)
    there, back = (load_conversion(run, to=to)(mel) for to in ("target", "source"))
    np.testing.assert_array_equal(load_conversion(run)(mel), there)
    assert np.abs(there - back).max() > 0.1


@pytest.mark.parametrize("kind", ["cyclegan_run", "stargan_run"])
def test_new_weights_reach_the_direction_that_is_used(request, kind, random_mel):
    back, mel = load_conversion(request.getfixturevalue(kind), to="source"), random_mel(1, 48, 32)
    before, weights = back(mel), back.network.get_weights()
    back.set_weights([1.1 * array for array in weights])
    assert np.abs(back(mel) - before).max() > 0.01
    back.set_weights(weights)
    np.testing.assert_array_equal(back(mel), before)


@pytest.fixture
def bands_model():
    """``bands_model(to)``: an untrained generator, which edits nothing, between two domains of known bands."""
    config = preset("debug", "stargan").with_overrides(["method.match_bands=converting"])
    network = build_network(config)
    network.bands.assign([np.vstack([np.full(32, mean), 0.01 * np.eye(32)]) for mean in (-0.2, 0.3)])
    return lambda to: conversion_of(config, network, to=to)


def assert_bands(mel, mean):
    found = Bands.of(mel)
    np.testing.assert_allclose(found.mean, mean, atol=0.03)
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance)), 0.1, atol=0.03)


@pytest.mark.parametrize(("to", "mean"), [("source", -0.2), ("target", 0.3)])
def test_an_input_is_brought_to_the_bands_of_the_voice_that_is_wanted(bands_model, random_mel, to, mean):
    mel, model = 0.3 * random_mel(1, 300, 32) - 0.1, bands_model(to)
    adaptation = model.prepare_voice(Voice(bands=Bands.of(mel[0])), mel[0])
    assert_bands(model(mel, adaptation)[0], mean)
    np.testing.assert_allclose(model(mel), mel, atol=1e-5)  # nothing is known of the input


def test_what_a_generator_does_to_the_bands_is_undone(bands_model, random_mel):
    """One that makes everything louder: what comes out has the bands that are wanted all the same."""
    mel, model = 0.3 * random_mel(1, 300, 32) - 0.1, bands_model("target")
    louder = model.network.generator.trainable_variables[-1]
    assert louder.shape == (32,)
    louder.assign(0.3 * np.ones(32))
    adaptation = model.prepare_voice(Voice(bands=Bands.of(mel[0])), mel[0])
    only_before = model(mel, Adaptation(adaptation.before))[0]
    assert Bands.of(only_before).mean.mean() > 0.45
    assert_bands(model(mel, adaptation)[0], 0.3)


def test_an_input_without_sound_is_translated_as_it_is(bands_model):
    silence, model = np.full((1, 64, 32), -1.0, np.float32), bands_model("target")
    adaptation = model.prepare_voice(Voice(), silence[0])
    np.testing.assert_allclose(model(silence, adaptation), model(silence), atol=1e-6)


@pytest.mark.parametrize(
    "kind, to, message",
    [
        ("cyclegan_run", "sorce", "Expected --to among target, source, received: 'sorce'; did you mean 'source'?"),
        ("residual_run", "targett", "Expected --to among target, received: 'targett'; did you mean 'target'?"),
        (
            "residual_run",
            "source",
            "Expected --to target, received: source. A run of travelgan converts one way only",
        ),
    ],
)
def test_a_direction_that_a_run_has_not(request, kind, to, message):
    with pytest.raises(MelganVcError) as caught:
        load_conversion(request.getfixturevalue(kind), to=to)
    assert message in str(caught.value)


def change_config(run, change):
    config = json.loads((run / "config.json").read_text())
    change(config)
    (run / "config.json").write_text(json.dumps(config))


def truncate(path, share=0.5):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])


def other_shape_in(path):
    with h5py.File(path, "r+") as file:
        (name,) = [name for name in file["layers"] if name == "conv1d"]
        kernel = file["layers"][name]["vars"]
        del kernel["0"]
        kernel["0"] = np.zeros((3, 3, 3), np.float32)


DAMAGE = {
    "no config": (lambda run: (run / "config.json").unlink(), r"there is no config.json"),
    "config of words": (lambda run: (run / "config.json").write_text("words"), "config.json"),
    "half a config": (lambda run: truncate(run / "config.json"), "config.json"),
    "binary config": (lambda run: (run / "config.json").write_bytes(b"\xff\xfe\x00"), "to be JSON of a config"),
    "unknown key": (
        lambda run: change_config(run, lambda c: c["method"].update(margn=1.0)),
        r"unknown key 'method.margn'; did you mean 'method.margin'",
    ),
    "value out of range": (lambda run: change_config(run, lambda c: c["mel"].update(rate=-1)), r"mel.rate.*-1"),
    "unknown architecture": (
        lambda run: change_config(run, lambda c: c["method"]["generator"].update(architecture="residul")),
        r"method.generator.architecture among residual, .*, received: 'residul'; did you mean 'residual'",
    ),
    "other architecture": (
        lambda run: change_config(run, lambda c: c["method"]["generator"].update(architecture="paper")),
        r"weights of a paper_generator as .*config.json describes it",
    ),
    "other width": (
        lambda run: change_config(run, lambda c: c["method"]["generator"].update(channels=24)),
        r"weights of a residual_generator",
    ),
    "other mels": (lambda run: change_config(run, lambda c: c["mel"].update(n_mels=40)), "do not fit"),
    "no weights": (lambda run: (run / "weights.weights.h5").unlink(), r"without weights.weights.h5"),
    "half the weights": (lambda run: truncate(run / "weights.weights.h5"), "damaged"),
    "nearly all weights": (lambda run: truncate(run / "weights.weights.h5", 0.98), "damaged"),
    "empty weights": (lambda run: (run / "weights.weights.h5").write_bytes(b""), "damaged"),
    "weights of words": (lambda run: (run / "weights.weights.h5").write_text("words" * 99), "damaged"),
    "a wrong array": (lambda run: other_shape_in(run / "weights.weights.h5"), "do not fit"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_run_folder_gives_a_sentence(identity_run, tmp_path, what):
    damage, message = DAMAGE[what]
    run = shutil.copytree(identity_run, tmp_path / "run")
    damage(run)
    with pytest.raises(MelganVcError, match=message) as caught:
        load_conversion(run)
    assert "\n" not in str(caught.value) and str(run) in str(caught.value) or what == "unknown architecture"


@pytest.mark.parametrize("what", ["missing", "a file"])
def test_no_folder(tmp_path, what):
    if what == "a file":
        (tmp_path / "run").write_text("")
    with pytest.raises(MelganVcError, match=r"Expected a run folder, received: .*run"):
        load_conversion(tmp_path / "run")
