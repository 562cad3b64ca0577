"""Voices: pitch and bands, and what brings one to another."""

import numpy as np
import pytest

from melgan_vc.audio.bands import Bands
from melgan_vc.audio.voice import Voice, Voices
from melgan_vc.config.mel import MelConfig

MEL = MelConfig()


def test_what_is_unknown_is_left_alone(speech_like):
    mel, voices = speech_like(), Voices(MEL)
    bands = Bands.of(speech_like(tilt=0.3))
    for own, wanted in ((Voice(), Voice(120.0, bands)), (Voice(200.0, bands), Voice()), (Voice(), Voice())):
        np.testing.assert_allclose(voices.move(mel, own, wanted), mel, atol=1e-5)
    assert np.abs(voices.move(mel, Voice(200.0), Voice(120.0)) - mel).max() > 0.1


def test_a_wrong_pitch_moves_two_octaves_at_most(speech_like):
    mel, voices = speech_like(), Voices(MEL)
    far = voices.move(mel, Voice(60.0), Voice(500.0))
    np.testing.assert_allclose(far, voices.move(mel, Voice(60.0), Voice(240.0)), atol=1e-6)


def test_there_and_back_again(speech_like):
    mel, voices = speech_like(), Voices(MEL)
    one = Voice(160.0, Bands.of(mel))
    other = Voice(180.0, Bands.of(speech_like(tilt=0.2)))
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
    if seconds:
        assert voice.pitch == pytest.approx(150, rel=0.02) and len(voice.bands.heard) == 60
    else:
        assert voice.pitch is None and voice.bands is None


def test_the_very_same_voices_are_measured_once(speech_like):
    voices = Voices(MEL)
    one, other = Voice(160.0, Bands.of(speech_like())), Voice(180.0, Bands.of(speech_like(tilt=0.2)))
    assert voices.moves(one, other) is voices.moves(one, other)
    assert voices.moves(one, other) is not voices.moves(other, one)
