"""What is heard of channels does not depend on their layout."""

import numpy as np
import pytest

from melgan_vc.audio.channels import ChannelMeter, mono_mix
from melgan_vc.audio.loudness import LoudnessMeter
from melgan_vc.audio.pitch import median_pitch

RATE = 16000


def late(wave: np.ndarray, milliseconds: float) -> np.ndarray:
    """As a microphone hears it that is further away."""
    samples = int(milliseconds * RATE / 1000)
    return np.concatenate([np.zeros(samples, np.float32), wave[: len(wave) - samples]])


LAYOUTS = {
    "mono": lambda voice: [voice],
    "dual mono": lambda voice: [voice, voice],
    "inverted": lambda voice: [voice, -voice],
    "left": lambda voice: [voice, 0 * voice],
    "right": lambda voice: [0 * voice, voice],
    "one of four": lambda voice: [0 * voice, 0 * voice, 0 * voice, voice],
    "centre of six": lambda voice: [0 * voice, 0 * voice, voice, 0 * voice, 0 * voice, 0 * voice],
    "spaced by 0.6 ms": lambda voice: [voice, late(voice, 0.6)],
    "spaced by 2.3 ms": lambda voice: [voice, late(voice, 2.3)],
    "spaced by 10 ms": lambda voice: [voice, late(voice, 10)],
    "offset": lambda voice: [voice + np.float32(0.3)],
    "two offsets": lambda voice: [voice + np.float32(0.2), voice - np.float32(0.1)],
    "inverted with an offset": lambda voice: [voice, np.float32(0.1) - voice],
}


def measured(channels: np.ndarray, block: int = 7001) -> ChannelMeter:
    meter = ChannelMeter(RATE, channels.shape[1])
    for start in range(0, len(channels), block):
        meter.update(channels[start : start + block])
    return meter


@pytest.fixture(params=LAYOUTS)
def channels(request, female_voice) -> np.ndarray:
    """The voice in a layout, ``(samples, channels)``."""
    return np.stack(LAYOUTS[request.param](female_voice), axis=1)


@pytest.fixture
def level_of_mono(female_voice) -> float:
    meter = LoudnessMeter(RATE)
    meter.update(female_voice)
    return meter.level_db


def test_any_layout_is_one_sound_at_the_level_of_mono(channels, level_of_mono):
    meter = measured(channels)
    (mix,) = meter.mixes()
    assert meter.level_db(mix) == pytest.approx(level_of_mono, abs=0.7)


def test_any_layout_has_the_pitch_of_mono(channels, female_voice):
    pitch = median_pitch(mono_mix(channels, RATE) - measured(channels).offsets.mean(), RATE)
    assert pitch == pytest.approx(median_pitch(female_voice, RATE), rel=0.01)


def test_blocks_leave_no_trace(channels):
    one, other = measured(channels), measured(channels, 1234)
    assert one.mixes() == other.mixes()
    np.testing.assert_allclose(one.offsets, other.offsets)
    assert one.level_db(one.mono()) == pytest.approx(other.level_db(one.mono()))


def test_an_average_that_keeps_the_sound_is_the_average(female_voice, draw):
    hiss = 0.003 * draw.standard_normal((len(female_voice), 2)).astype(np.float32)
    wide = female_voice[:, None] * np.float32([1.0, 0.6]) + hiss
    np.testing.assert_array_equal(mono_mix(wide, RATE), wide.mean(axis=1))


def test_two_people_before_two_microphones_are_two_sounds(female_voice, male_voice):
    both = np.stack([female_voice + 0.1 * male_voice, male_voice + 0.1 * female_voice], axis=1)
    meter = measured(both)
    assert sorted(mix.channels for mix in meter.mixes()) == [(0,), (1,)]
    np.testing.assert_array_equal(mono_mix(both, RATE), both.mean(axis=1))


def test_silent_channels_are_no_sound(female_voice):
    meter = measured(np.stack([female_voice, 0 * female_voice], axis=1))
    assert [mix.channels for mix in meter.mixes()] == [(0,)]


def test_silence_is_silent():
    meter = measured(np.zeros((RATE, 2), np.float32))
    assert meter.identical and meter.level_db(meter.mono()) == float("-inf")


@pytest.mark.parametrize("offset", [0.1, -0.3])
def test_an_offset_is_found(female_voice, offset):
    found = measured(np.stack([female_voice, female_voice + np.float32(offset)], axis=1)).offsets
    np.testing.assert_allclose(found, [0.0, offset], atol=1e-3)


@pytest.mark.parametrize("samples", [1, 2, 700])
def test_a_moment_is_enough(samples, female_voice):
    meter = measured(np.stack([female_voice[8000 : 8000 + samples], female_voice[:samples]], axis=1))
    assert np.isfinite(meter.level_db(meter.mono()))
    assert meter.mixes()
