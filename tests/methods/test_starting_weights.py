"""A GAN that begins with another run's networks: it converts as that does, and refuses what does not fit."""

import numpy as np
import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_method
from melgan_vc.nets.edited_mel import SHIFT
from melgan_vc.runs.origin import Origin

METHODS = ("travelgan", "cyclegan", "stargan")


def begun(run, name="travelgan", *settings, resumed=False):
    """A new method that began with a run."""
    method = build_method(preset("debug", name).with_overrides(settings))
    method.begin_with(Origin(start_from=str(run)), resumed=resumed)
    return method


@pytest.mark.parametrize("name", METHODS)
def test_it_has_the_networks_of_the_run_and_critics_of_its_own(name, save_run, tmp_path):
    run = save_run(tmp_path / "before", method=name)
    before = build_method(preset("debug", name))
    method = begun(run, name)
    again = begun(run, name, resumed=True)
    mine, untouched = method.network.get_weights(), before.network.get_weights()
    before.network.load_weights(run / "weights.weights.h5")
    for one, other in zip(mine, before.network.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert any(np.any(one != other) for one, other in zip(mine, untouched, strict=True))
    for one, other in zip(again.network.get_weights(), untouched, strict=True):
        np.testing.assert_array_equal(one, other, "a run that is resumed has its own weights")
    critic = method.players["critic"][0]
    for one, other in zip(critic.weights, before.players["critic"][0].weights, strict=True):
        np.testing.assert_array_equal(one, other, "the critic of its seed")


def test_a_shift_of_the_voice_may_be_another(save_run, tmp_path):
    """Nothing learns it: it is as the run itself is told."""
    settings = "method.pitch=0.7", "method.formants=0.8"
    method = begun(save_run(tmp_path / "before"), "travelgan", *settings)
    shifts = [weight for weight in method.network.weights if weight.name == SHIFT]
    (wanted,) = (w for w in build_method(method.config).network.weights if w.name == SHIFT)
    np.testing.assert_array_equal(shifts[0], wanted)
    assert np.any(wanted != np.eye(32))


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("cyclegan", [], "Expected a run of cyclegan for --start-from, received: before, a run of travelgan"),
        ("travelgan", ["method.generator.channels=8"], "method.generator is .* in the run and .* in before"),
        ("travelgan", ["mel.n_mels=40"], "n_mels is 40 in the run and 32 in the model before"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_differs(name, settings, message, save_run, tmp_path):
    run = save_run(tmp_path / "before")
    with pytest.raises(MelganVcError, match=message):
        begun(run, name, *settings)


def test_other_domains_are_refused(save_run, tmp_path):
    run = save_run(tmp_path / "before", method="stargan")
    with pytest.raises(MelganVcError, match="method.domains is .*anna.* in the run"):
        begun(run, "stargan", 'method.domains=["anna","boris"]')
