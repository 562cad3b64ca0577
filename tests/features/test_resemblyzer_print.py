"""The second print of a speaker: the numbers of the package itself, and what it tells apart."""

import importlib.util

import numpy as np
import pytest

pytest.importorskip("librosa")

from melgan_vc.features.resemblyzer.network import embedded
from melgan_vc.features.resemblyzer.weights import embedder_weights
from melgan_vc.features.resemblyzer_print import ResemblyzerPrint, parts_of

needs_weights = pytest.mark.skipif(importlib.util.find_spec("resemblyzer") is None, reason="needs Resemblyzer")

# Of Resemblyzer 0.1.4 on torch 2.13: its VoiceEncoder, and its embed_utterance(rate=1.25) of a clip at -30 dBFS.
OF_NOISE = [0.0, 0.0, 0.0, 0.0, 0.13526, 0.00584, 0.0, 0.07453]
OF_FEMALE = [0.1846, 0.0349, 0.0, 0.0, 0.0, 0.0220, 0.0, 0.0665, 0.0, 0.0, 0.1394, 0.1197]
OF_MALE = [0.1473, 0.0, 0.0955, 0.0, 0.0579, 0.0173, 0.0450, 0.1104, 0.0, 0.0359, 0.1805, 0.0938]


@pytest.fixture(scope="module")
def speaker_print():
    return ResemblyzerPrint()


@needs_weights
def test_the_network_gives_the_packages_numbers(draw):
    mels = np.abs(draw.standard_normal((2, 160, 40))).astype(np.float32) * 1e-2
    found = embedded(mels, embedder_weights())
    np.testing.assert_allclose(found[0, :8], OF_NOISE, atol=2e-5)
    np.testing.assert_allclose(found.sum(axis=1), [9.617876, 9.56054], rtol=1e-5)


@needs_weights
def test_a_voice_has_the_packages_numbers(speaker_print, female_voice, male_voice):
    np.testing.assert_allclose(speaker_print.embed(female_voice, 16000)[:12], OF_FEMALE, atol=1e-4)
    np.testing.assert_allclose(speaker_print.embed(male_voice, 16000)[:12], OF_MALE, atol=1e-4)


@needs_weights
def test_a_speaker_is_nearer_to_itself_than_to_another(speaker_print, female_voice, held_out_female, male_voice):
    one, same, other = (speaker_print.embed(wave, 16000) for wave in (female_voice, held_out_female, male_voice))
    assert np.linalg.norm(one) == pytest.approx(1.0)
    assert one @ same > 0.85 > 0.65 > one @ other
    np.testing.assert_allclose(speaker_print.embed(0.1 * female_voice, 16000), one, atol=1e-3)
    assert speaker_print.embed(np.zeros(16000, np.float32), 16000) is None


@pytest.mark.parametrize(
    ("seconds", "parts"),
    [(0.6, 1), (1.6, 1), (1.9, 1), (2.1, 2), (6.0, 7)],
)
def test_parts_overlap_by_half_and_the_last_is_three_quarters_full(seconds, parts, draw):
    speech = 0.1 * draw.standard_normal(int(seconds * 16000)).astype(np.float32)
    found = parts_of(speech)
    assert found.shape == (parts, 160, 40) and found.dtype == np.float32
    for first, second in zip(found[:-1], found[1:], strict=True):
        np.testing.assert_array_equal(first[80:], second[:80])
    np.testing.assert_allclose(parts_of(20.0 * speech), found, rtol=1e-4, err_msg="all at one level")
