"""A clip that is put together anew of a target's frames says what it said, and sounds like the target."""

import numpy as np
import pytest

from melgan_vc.audio.loudness import levelled
from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.baselines.retrieval import HeardFrames, NearestFrames, blended
from melgan_vc.vocoders.griffin_lim import GriffinLim

MEL = MelConfig()
RATE = MEL.rate


class Listener(GriffinLim):
    """Keeps the log-mels that it is given."""

    def invert(self, log_mel):
        self.given = log_mel
        return super().invert(log_mel)


def tones(*hertz, seconds=0.6, scale=0.1):
    """One tone after the other; 0 Hz is a pause."""
    time = np.arange(int(seconds * RATE)) / RATE
    return np.concatenate([scale * np.sin(2 * np.pi * one * time) for one in hertz]).astype(np.float32)


def strongest(frames, seconds):
    """Mel band that is loudest at a time; None in silence."""
    frame = frames[int(seconds * MEL.frames_per_second)]
    return None if frame.max() < -0.5 else int(frame.argmax())


def band_of(hertz):
    return strongest(log_mel(tones(hertz), MEL), 0.3)


def frames(content, *, log_mel, sounds=True):
    """Frames of these directions, all of which sound or none of which does, of one mel band."""
    content = np.asarray(content, np.float32)
    return HeardFrames(content, np.full(len(content), sounds), np.asarray(log_mel, np.float32)[:, None])


def test_the_nearest_frames_of_all_clips_are_averaged():
    angles = np.radians([0.0, 10.0, 20.0, 90.0, 100.0])
    content = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    target = [frames(content[[3, 0]], log_mel=[0.9, 0.0]), frames(content[[2, 4, 1]], log_mel=[0.4, 0.7, 0.2])]
    source = frames([[1.0, 0.0], [0.0, 1.0]], log_mel=[0.0, 0.0])
    np.testing.assert_allclose(blended(source, target, count=3)[:1], [[0.2]], atol=1e-6)
    np.testing.assert_allclose(blended(source, target, count=2), [[0.1], [0.8]], atol=1e-6)
    np.testing.assert_allclose(blended(source, target[::-1], count=2), [[0.1], [0.8]], atol=1e-6)


def test_a_pause_becomes_pauses_and_speech_becomes_speech():
    one = [[1.0, 0.0]]
    target = [frames(one * 3, log_mel=[0.2, 0.3, 0.4]), frames(one, log_mel=[-0.9], sounds=False)]
    assert blended(frames(one, log_mel=[0.0]), target, count=3)[0, 0] == pytest.approx(0.3)
    pause = frames(one, log_mel=[0.0], sounds=False)
    assert blended(pause, target, count=3)[0, 0] == pytest.approx(-0.9), "the one that there is"
    assert blended(pause, target[:1], count=3)[0, 0] == -1.0, "silence, where there is none"


def test_what_is_said_stays_and_is_said_with_the_targets_sound(made_up_ear):
    vocoder = Listener(MEL, iterations=2)
    source = tones(300, 2000, 0, 2000, 300)
    made = NearestFrames([tones(500, 3000), tones(3000, 0, 500)], MEL, vocoder)(source)
    assert made.shape == source.shape and made.dtype == np.float32
    assert np.std(made) == pytest.approx(np.std(source), rel=0.01)
    heard = [strongest(vocoder.given, 0.3 + 0.6 * place) for place in range(5)]
    low, high = band_of(500), band_of(3000)
    assert heard == [low, high, None, high, low] and low != band_of(300) and high != band_of(2000)


def test_neither_clips_level_makes_a_difference(made_up_ear):
    vocoder, found = Listener(MEL, iterations=1), []
    for loud, quiet in ((0.5, 0.002), (0.01, 0.1)):
        NearestFrames([tones(500, 3000, scale=loud)], MEL, vocoder)(tones(300, 2000, 300, scale=quiet))
        found.append(vocoder.given)
    np.testing.assert_allclose(found[0], found[1], atol=1e-3)


@pytest.mark.parametrize("samples", [0, 100, RATE])
def test_a_silent_or_short_clip_comes_back_as_it_is(made_up_ear, samples):
    silence = np.zeros(samples, np.float32)
    assert np.array_equal(NearestFrames([tones(500)], MEL, Listener(MEL, iterations=1))(silence), silence)


def test_a_target_without_speech_is_refused(made_up_ear):
    with pytest.raises(MelganVcError, match="Expected speech of the target .*, received: 2 clips in which nothing"):
        NearestFrames([tones(0), tones(0)], MEL, GriffinLim(MEL))


def test_another_log_mel_than_the_vocoders_is_refused():
    with pytest.raises(MelganVcError, match="n_mels is 80 in the log-mel and 64 in the vocoder"):
        NearestFrames([tones(500)], MEL, GriffinLim(MelConfig(n_mels=64)))


def test_speech_finds_itself_among_other_speech(female_voice, male_voice):
    clip, vocoder = female_voice[: 2 * RATE], Listener(MEL, iterations=1)
    NearestFrames([male_voice[: 2 * RATE], clip], MEL, vocoder)(clip)
    own = log_mel(levelled(clip, RATE, -26.0), MEL)
    other = log_mel(levelled(male_voice[: 2 * RATE], RATE, -26.0), MEL)
    assert 2.0 * np.abs(vocoder.given - own).mean() < np.abs(vocoder.given - other).mean()
