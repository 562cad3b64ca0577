"""What a command shows of a method, and what the method's settings and presets then do, is the same."""

import importlib
import inspect

import pytest

from melgan_vc.config.method import method_config
from melgan_vc.config.method_folders import method_names, method_traits
from melgan_vc.config.method_traits import MethodTraits
from melgan_vc.methods.presets import presets_of
from melgan_vc.methods.shared_presets import MELS
from melgan_vc.methods.shared_settings import ShiftsVoice
from melgan_vc.runs.origin import Origin

EVERY = pytest.mark.parametrize("method", method_names())


@EVERY
def test_every_preset_that_is_written_is_shown(method):
    """They are the public functions of ``presets.py``. That each one shown works is tested with the presets."""
    place = f"melgan_vc.methods.{method}.presets"
    functions = inspect.getmembers(importlib.import_module(place), inspect.isfunction)
    written = {name for name, function in functions if function.__module__ == place and not name.startswith("_")}
    assert written == set(presets_of(method))


def test_a_method_without_presets_of_its_own_shows_those_that_all_share():
    assert MethodTraits().presets == tuple(MELS)


@EVERY
def test_settings_have_the_traits_of_their_folder(method):
    settings, traits = method_config(method)(), method_traits(method)
    for name in ("kind", "folders", "voice_matching"):
        assert getattr(settings, name) == getattr(traits, name)


@EVERY
def test_match_voices_is_offered_where_settings_can_hold_what_it_measures(method):
    kind = method_config(method)
    can = "pair" if issubclass(kind, ShiftsVoice) else "each" if "pitches" in kind.model_fields else None
    assert method_traits(method).voice_matching == can


@EVERY
def test_what_a_training_can_begin_with_is_known(method):
    assert set(method_traits(method).origins) <= set(inspect.signature(Origin).parameters)
