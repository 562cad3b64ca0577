"""The print of a speaker as a feature: that of each 3.2 seconds."""

import importlib.util

import numpy as np
import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.features.packages import MissingEvaluator
from melgan_vc.features.registry import features_of
from melgan_vc.features.resemblyzer_print import ResemblyzerPrint, _weights

needs_weights = pytest.mark.skipif(
    any(importlib.util.find_spec(package) is None for package in ("resemblyzer", "librosa")),
    reason="needs Resemblyzer and librosa",
)


@pytest.fixture
def voice_print():
    return features_of(["voice_print"], MelConfig())[0]


@needs_weights
def test_each_stretch_has_its_own_print_and_all_of_its_frames_have_that(voice_print, female_voice):
    assert voice_print.stretch == 200, "3.2 seconds"
    women = female_voice[: 200 * 256]
    found = voice_print.of(np.concatenate([women, np.zeros_like(women)]))
    np.testing.assert_array_equal(found[:200], np.tile(found[:1], (200, 1)))
    np.testing.assert_allclose(found[0], ResemblyzerPrint().embed(women, 16000), atol=1e-6)
    assert not found[200:].any(), "there is nobody in silence"


def test_without_the_package_it_says_what_is_missing_for_what(voice_print, monkeypatch):
    _weights.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        MissingEvaluator,
        match=r"^Expected resemblyzer for a voice that is a print, received: it is not installed\. Install it with: ",
    ):
        voice_print.of(np.ones(16000, np.float32))
