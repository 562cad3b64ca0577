"""Crops in other keys, the same for the same seed and step."""

import numpy as np
import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.features.registry import features_of
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_method
from melgan_vc.methods.transpose import Transpose

MEL = MelConfig(rate=22050, n_fft=2048, hop_length=512, n_mels=128)


@pytest.fixture
def tones():
    """Sixteen crops of one tone of 1 kHz."""
    return np.stack([log_mel_of_tone(1000.0)] * 16)


def log_mel_of_tone(frequency):
    (feature,) = features_of(["log_mel"], MEL)
    seconds = np.arange(MEL.rate) / MEL.rate
    return feature.of((0.3 * np.sin(2 * np.pi * frequency * seconds)).astype(np.float32))


def highest_band(crops):
    return crops.mean(axis=1).argmax(axis=-1)


def test_a_tone_becomes_others_up_to_so_many_semitones_away(tones):
    (moved,) = Transpose(MEL, 4, seed=0)((tones,), step=3)
    lowest, highest = (highest_band(log_mel_of_tone(1000.0 * 2 ** (k / 12))[None])[0] for k in (-4, 4))
    found = highest_band(moved)
    assert len(set(found)) > 4
    assert found.min() >= lowest - 1 and found.max() <= highest + 1
    assert moved.shape == tones.shape and moved.dtype == np.float32


def test_it_is_drawn_anew_for_each_step_and_domain_and_is_the_same_again(tones):
    transpose = Transpose(MEL, 3, seed=0)
    one, other = transpose((tones, tones), step=5)
    assert not np.array_equal(one, other)
    assert not np.array_equal(one, transpose((tones,), step=6)[0])
    np.testing.assert_array_equal(one, transpose((tones,), step=5)[0])


def test_features_beside_the_log_mel_and_names_of_domains_stay(tones):
    beside = np.concatenate([tones, np.ones_like(tones[..., :2])], axis=-1)
    names = np.arange(16)
    moved, same = Transpose(MEL, 3, seed=0)((beside, names), step=0)
    np.testing.assert_array_equal(moved[..., -2:], 1.0)
    assert same is names


@pytest.mark.parametrize("name", ["autoencoder", "vocoder"])
@pytest.mark.parametrize("setting", ["transposition", "frequency_mask", "time_mask"])
def test_a_method_whose_batches_cannot_be_changed_says_so(name, setting):
    config = preset("debug", name).with_overrides([f"training.{setting}=2"])
    with pytest.raises(MelganVcError, match=f"{setting}.* to be 0 with {name}"):
        build_method(config)
