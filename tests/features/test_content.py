"""What is said, as a feature: on the log-mel's frames, whatever the speed at which the recogniser hears it."""

import itertools

import numpy as np
import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.features import content as content_file
from melgan_vc.features.registry import features_of

NAMES = ["content", "content_slower", "content_faster"]


@pytest.fixture(scope="module")
def heard(female_voice):
    """Each of the three of six seconds of speech."""
    return {feature.name: feature.of(female_voice) for feature in features_of(NAMES, MelConfig())}


def standardised(frames):
    return (frames - frames.mean(axis=0)) / frames.std(axis=0)


def test_a_frame_shows_the_sound_around_it(heard, female_voice, draw):
    (content,) = features_of(["content"], MelConfig())
    changes = np.zeros(61)
    for place in (60, 171, 290):
        other = female_voice.copy()
        other[place * 256 - 400 : place * 256 + 400] += 0.2 * draw.standard_normal(800)
        change = np.linalg.norm(content.of(other) - heard["content"], axis=1)[place - 30 : place + 31]
        changes += change / change.max()
    near = np.where(changes > changes.max() / 2, changes, 0.0)
    assert abs(np.average(np.arange(-30, 31), weights=near)) < 1.5, "frames of 16 ms; the recogniser's have 20 ms"
    assert max(changes[:5].max(), changes[-5:].max()) < changes.max() / 3


@pytest.mark.parametrize("copy", NAMES[1:])
def test_copies_say_the_same_at_the_same_time(heard, copy):
    plain, other = standardised(heard["content"]), standardised(heard[copy])
    alike = {lag: np.mean(plain[10:-10] * other[10 + lag : len(other) - 10 + lag]) for lag in range(-8, 9)}
    assert max(alike, key=alike.get) == 0
    assert 0.8 < alike[0] < 0.97, "another voice, the same words"
    assert abs(alike[1] - alike[-1]) < 0.05, "to a fraction of a frame"


def test_another_rate_has_the_same_content_on_its_own_frames(heard, female_voice):
    import soxr

    mel = MelConfig(rate=22050, n_fft=2048, hop_length=512)
    (content,) = features_of(["content"], mel)
    found = content.of(soxr.resample(female_voice, 16000, 22050))
    assert found.shape == (mel.frames(len(female_voice) * 22050 // 16000), 512)
    nearest = np.round(np.arange(len(found)) * 512 / 22050 * 62.5).astype(int)
    expected = heard["content"][np.minimum(nearest, 375)]
    alike = np.mean(standardised(found)[5:-5] * standardised(expected)[5:-5])
    assert alike > 0.9


def test_frames_depend_on_their_window_alone(female_voice):
    (content,) = features_of(["content"], MelConfig())
    before, after = content.reach
    first, end = content.stretch, 2 * content.stretch  # of the second window
    wave = np.tile(female_voice, 4)
    other = wave.copy()
    other[: (end - 1 - before) * 256] = 0.0
    other[(first + after + 1) * 256 :] *= -2.0
    here, there = (
        np.stack([*itertools.islice(itertools.chain.from_iterable(content.stream([sound])), first, end)])
        for sound in (wave, other)
    )
    np.testing.assert_array_equal(here, there)


def test_the_key_depends_on_speed_weights_and_grid(monkeypatch):
    def digests(**mel):
        return [feature.digest for feature in features_of(NAMES, MelConfig(**mel))]

    plain = digests()
    assert len(set(plain)) == 3
    assert digests(n_mels=64) == plain, "the log-mel's bands make no difference"
    assert not set(digests(hop_length=200)) & set(plain)
    (content,) = features_of(["content"], MelConfig())
    other = type("Other", (type(content),), {"speed": 1.1, "__module__": type(content).__module__})(MelConfig())
    assert other.name == content.name and other.digest != content.digest
    monkeypatch.setattr(content_file, "SHA256", "0" * 64)
    assert not set(digests()) & set(plain)
