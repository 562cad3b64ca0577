"""What shows how a file sounds is its sound, wherever it begins."""

import numpy as np
import pytest

from melgan_vc.audio.sounding import SoundingPart

RATE = 100


def kept(*parts, seconds=30.0, block=77) -> np.ndarray:
    wave = np.concatenate(parts)[:, None]
    sounding = SoundingPart(RATE, seconds)
    for start in range(0, len(wave), block):
        sounding.update(wave[start : start + block])
    return sounding.wave()[:, 0]


def noise(seconds, level):
    return level * np.random.default_rng(0).standard_normal(int(seconds * RATE)).astype(np.float32)


def test_a_short_sound_is_kept_as_it_is():
    wave = np.concatenate([noise(10, 0.0), noise(5, 1e-4), noise(10, 0.1)])
    np.testing.assert_array_equal(kept(wave), wave)


@pytest.mark.parametrize("room", [0.0, 1e-3])
def test_what_comes_after_35_seconds_of_nothing_is_heard(room):
    speech = noise(10, 0.1)
    found = kept(noise(35, room), speech)
    assert np.mean(np.square(found)) > 0.9 * np.mean(np.square(speech))
    assert len(found) >= 9 * RATE


def test_sound_is_not_given_up_for_later_sound():
    first = noise(30, 0.1)
    found = kept(first, noise(30, 0.5))
    np.testing.assert_array_equal(found[: len(first)], first)
    assert len(found) < 31 * RATE


def test_no_more_is_kept_than_is_wanted():
    assert 5 * RATE <= len(kept(noise(60, 0.1), seconds=5.0)) <= 6 * RATE
