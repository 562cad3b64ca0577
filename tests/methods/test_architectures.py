"""From a name in the config to a network."""

import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.method_config import METHOD_CONFIGS, NetConfig
from melgan_vc.methods import METHODS, build_method
from melgan_vc.methods.architectures import (
    CRITICS,
    DOMAIN_CRITICS,
    GENERATORS,
    SIAMESES,
    STRIDES,
    STYLED_GENERATORS,
    VOCODERS,
    build,
)
from melgan_vc.presets import preset, presets_of


def test_builds_the_named_architecture_with_its_width():
    network = build("generator", GENERATORS, NetConfig(architecture="residual", channels=8), 12)
    assert network.name == "residual_generator"
    assert network.output_shape == (None, None, 12)
    assert {v.shape[-1] for v in network.trainable_variables} == {8, 12}


@pytest.mark.parametrize(
    ("kind", "known", "wrong", "right"),
    [("generator", GENERATORS, "residul", "residual"), ("critic", CRITICS, "patches", "patch")],
)
def test_unknown_architecture_is_refused_with_the_known_ones(kind, known, wrong, right):
    with pytest.raises(MelganVcError) as error:
        build(kind, known, NetConfig(architecture=wrong), 12)
    message = str(error.value)
    assert f"method.{kind}.architecture" in message and wrong in message
    assert f"did you mean {right!r}?" in message
    assert all(name in message for name in known)


def test_every_generator_says_its_stride():
    assert STRIDES.keys() == (GENERATORS | STYLED_GENERATORS).keys()


@pytest.mark.parametrize(("name", "of"), [(name, of) for of in METHODS for name in presets_of(of)])
def test_every_preset_names_a_method_and_architectures_that_exist(name, of):
    method = preset(name, of).method
    assert method.name == of
    generators, critics = GENERATORS | STYLED_GENERATORS | VOCODERS, CRITICS | DOMAIN_CRITICS
    for kind, known in (("generator", generators), ("siamese", SIAMESES), ("critic", critics)):
        assert not hasattr(method, kind) or getattr(method, kind).architecture in known
    assert method.generator


@pytest.mark.parametrize("name", METHODS)
def test_method_of_a_config_is_built(name):
    assert type(build_method(preset("debug", name))) is METHODS[name]


@pytest.mark.parametrize("name", METHODS)
def test_build_translator_is_the_one_that_training_has(name):
    config = preset("debug", name)
    trained, loaded = build_method(config).translator, METHODS[name].build_translator(config)
    assert [weight.shape for weight in trained.weights] == [weight.shape for weight in loaded.weights]


def test_every_method_has_a_config():
    assert METHODS.keys() == METHOD_CONFIGS.keys()
