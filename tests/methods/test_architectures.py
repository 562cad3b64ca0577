"""From a name in the config to a network."""

import keras
import pytest

from melgan_vc.config.method import method_config
from melgan_vc.config.method_folders import method_names
from melgan_vc.config.networks import NetConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.architectures import build
from melgan_vc.methods.presets import preset, presets_of
from melgan_vc.methods.registry import build_method, build_network, method_class
from melgan_vc.nets import registry
from melgan_vc.nets.registry import names_of, network


def test_builds_the_named_architecture_with_its_width():
    built = build("generator", NetConfig(architecture="residual", channels=8), 12)
    assert built.name == "residual_generator"
    assert built.output_shape == (None, None, 12)
    assert {v.shape[-1] for v in built.trainable_variables} == {8, 12}


@pytest.mark.parametrize(
    ("kind", "role", "wrong", "right"),
    [("generator", "generator", "residul", "residual"), ("domain_critic", "critic", "projektion", "projection")],
)
def test_unknown_architecture_is_refused_with_the_known_ones(kind, role, wrong, right):
    with pytest.raises(MelganVcError) as error:
        build(kind, NetConfig(architecture=wrong), 12, role=role)
    message = str(error.value)
    assert f"method.{role}.architecture" in message and wrong in message
    assert f"did you mean {right!r}?" in message
    assert all(name in message for name in names_of(kind))


@pytest.mark.parametrize(("name", "of"), [(name, of) for of in method_names() for name in presets_of(of)])
def test_every_preset_names_a_method_and_architectures_that_exist(name, of):
    method = preset(name, of).method
    assert method.name == of
    kinds = {
        "generator": ("generator", "styled_generator", "vocoder"),
        "decoder": ("decoder",),
        "student": ("content_encoder",),
        "siamese": ("siamese",),
        "critic": ("critic", "domain_critic", "voice_critic"),
        "classifier": ("classifier",),
    }
    named = {role: net for role, net in method.model_dump().items() if role in kinds and net is not None}
    for role, net in named.items():
        assert net["architecture"] in [known for kind in kinds[role] for known in names_of(kind)]
    assert {"generator", "decoder"} & set(named), "a network that is kept"


@pytest.mark.parametrize("name", method_names())
def test_method_of_a_config_is_built(name):
    config = preset("debug", name)
    assert type(build_method(config)) is method_class(config)
    assert set(build_method(config).players) <= set(method_config(name).player_names)


@pytest.mark.parametrize("name", method_names())
def test_the_network_of_a_run_is_the_one_that_training_has(name):
    config = preset("debug", name)
    trained, loaded = build_method(config).network, build_network(config)
    assert [weight.shape for weight in trained.weights] == [weight.shape for weight in loaded.weights]


def test_a_new_vocoder_network_is_one_function(monkeypatch):
    """A file in ``nets/`` that marks it is all that there is to write: it is given what it takes, and trains."""
    names_of("vocoder")
    monkeypatch.setattr(registry, "_FOUND", {kind: dict(found) for kind, found in registry._FOUND.items()})

    @network("vocoder", "repeating")
    def repeating_vocoder(n_mels, *, channels, hop_length):
        mel = keras.Input((None, n_mels))
        samples = keras.layers.Dense(hop_length)(keras.layers.Dense(channels, "relu")(mel))
        return keras.Model(mel, keras.layers.Reshape((-1,))(samples), name="repeating_vocoder")

    settings = ["method.generator.architecture=repeating", "method.adversarial=0", "method.feature_matching=0"]
    config = preset("debug", "vocoder").with_overrides(settings)
    method = build_method(config)
    mel = keras.ops.zeros((2, config.method.width, config.mel.n_mels))
    wave = keras.ops.zeros((2, (config.method.width - 1) * config.mel.hop_length + config.mel.n_fft))
    losses, _ = method.losses((mel, wave), ("generator",))
    assert method.network.name == "repeating_vocoder" and float(losses["generator"]) >= 0.0
