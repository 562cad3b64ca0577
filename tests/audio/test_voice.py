"""Average voices: bands, and what brings one to another."""

import numpy as np
import pytest

from melgan_vc.audio.voice import Bands, Voice, Voices, match_bands
from melgan_vc.mel_config import MelConfig

MEL = MelConfig()


def speech_like(draw, tilt=0.0, frames=400):
    """Spectra of a few broad hills above a tilt, with pauses."""
    bands = np.linspace(0.2, -0.3 + tilt, MEL.n_mels)
    hills = np.cos(np.pi * np.arange(5)[:, None] * np.linspace(0.0, 1.0, MEL.n_mels))
    mel = bands + 0.08 * draw.standard_normal((frames, 5)) @ hills
    mel[: frames // 4] = -1.0
    return np.clip(mel, -1.0, 1.0).astype(np.float32)


def test_pauses_do_not_count(draw):
    mel = speech_like(draw)
    bands = Bands.of(mel)
    np.testing.assert_allclose(bands.mean, mel[100:].mean(axis=0), atol=1e-5)
    assert bands.frames == 300
    assert Bands.of(np.full((20, 80), -1.0, np.float32)) is None


def test_one_voice_gets_the_bands_of_another_and_silence_stays(draw):
    own, other = speech_like(draw), speech_like(draw, tilt=0.3)
    wanted = Bands.of(other)
    moved = match_bands(own, *Bands.of(own).towards(wanted))
    np.testing.assert_array_equal(moved[:100], -1.0)
    found = Bands.of(moved)
    np.testing.assert_allclose(found.mean, wanted.mean, atol=0.02)
    np.testing.assert_allclose(found.deviation, wanted.deviation, rtol=0.15)
    assert np.abs(Bands.of(own).mean - wanted.mean).max() > 0.2


def test_its_own_bands_change_nothing(draw):
    own = speech_like(draw)
    np.testing.assert_allclose(match_bands(own, *Bands.of(own).towards(Bands.of(own))), own, atol=1e-6)


def test_a_short_clip_is_brought_part_of_the_way(draw):
    own, wanted = Bands.of(speech_like(draw)), Bands.of(speech_like(draw, tilt=0.3))
    half = Bands(own.mean, own.deviation, frames=100)
    _, whole_way = own.towards(wanted)
    scale, part = half.towards(wanted)
    at_the_mean = [(s - 1.0) * own.mean + o for s, o in ((own.towards(wanted)[0], whole_way), (scale, part))]
    np.testing.assert_allclose(at_the_mean[1], 0.5 * at_the_mean[0], atol=1e-4)


def test_what_is_unknown_is_left_alone(draw):
    mel, voices = speech_like(draw), Voices(MEL)
    bands = Bands.of(speech_like(draw, tilt=0.3))
    for own, wanted in ((Voice(), Voice(120.0, bands)), (Voice(200.0, bands), Voice()), (Voice(), Voice())):
        np.testing.assert_allclose(voices.move(mel, own, wanted), mel, atol=1e-5)
    assert np.abs(voices.move(mel, Voice(200.0), Voice(120.0)) - mel).max() > 0.1


def test_a_wrong_pitch_moves_two_octaves_at_most(draw):
    mel, voices = speech_like(draw), Voices(MEL)
    far = voices.move(mel, Voice(60.0), Voice(500.0))
    np.testing.assert_allclose(far, voices.move(mel, Voice(60.0), Voice(240.0)), atol=1e-6)


def test_there_and_back_again(draw):
    mel, voices = speech_like(draw), Voices(MEL)
    one = Voice(160.0, Bands.of(mel))
    other = Voice(180.0, Bands.of(speech_like(draw, tilt=0.2)))
    there = voices.move(mel, one, other)
    back = voices.move(there, other, one)
    inner = slice(5, 65)  # what leaves the range of the bands does not come back
    assert np.abs(back - mel)[100:, inner].mean() < 0.6 * np.abs(there - mel)[100:, inner].mean()


@pytest.mark.parametrize("seconds", [1.0, 0.0])
def test_a_voice_is_heard(seconds):
    time = np.arange(int(16000 * seconds)) / 16000
    wave = sum(0.1 * np.sin(2 * np.pi * 150 * k * time) / k for k in range(1, 30)).astype(np.float32)
    mel = np.full((60, 80), 0.1 if seconds else -1.0, np.float32)
    voice = Voice.heard(wave, 16000, mel)
    assert voice.pitch == pytest.approx(150, rel=0.02) if seconds else voice == Voice()
