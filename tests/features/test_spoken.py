"""Whether somebody speaks: by what the pitch of a recording does."""

import numpy as np
import pytest

from melgan_vc.audio.loudness import levelled
from melgan_vc.config.mel import MelConfig
from melgan_vc.features.loudness import Loudness
from melgan_vc.features.pitch import Pitch
from melgan_vc.features.spoken import Spoken

MEL = MelConfig()


def spoken(*waves) -> Spoken:
    """Of waveforms at 16 kHz."""
    waves = [levelled(np.asarray(wave, np.float32), 16000, -26.0) for wave in waves]
    pieces = [np.concatenate([Pitch(MEL).of(wave), Loudness(MEL).of(wave)], axis=1) for wave in waves]
    return Spoken.of(pieces, MEL.frames_per_second)


@pytest.fixture
def hiss(draw):
    return draw.standard_normal(6 * 16000)


@pytest.mark.parametrize("voice", ["female_voice", "male_voice", "held_out_female", "held_out_male"])
def test_speech_is_speech(request, voice):
    found = spoken(request.getfixturevalue(voice))
    assert found.doubt == "" and 0.5 < found.voiced < 0.9 and 10.0 < found.movement < 40.0


@pytest.mark.parametrize("decibels", [20.0, 10.0])
def test_speech_in_noise_is_speech(female_voice, hiss, decibels):
    noise = hiss[: len(female_voice)] * female_voice.std() * 10.0 ** (-decibels / 20.0)
    assert spoken(female_voice + noise).fault == ""


def test_chords_of_keys_are_music(play_keys):
    chords = sum(play_keys(np.array([60, 55, 65, 60, 57, 62, 64, 60]) + third) for third in (0, 4, 7))
    assert "moves by 0." in spoken(chords).fault and "as that of music" in spoken(chords).fault


def test_a_note_that_is_held_is_music(sing):
    assert "as that of music" in spoken(sing(np.full(4 * 16000, 220.0))).fault


def test_noise_has_no_voice(hiss):
    for wave in (hiss, np.cumsum(hiss - hiss.mean())):
        assert "0% has the pitch of a voice, as in noise or whispering" in spoken(wave).fault


def test_speech_between_much_noise_and_singing_are_doubted_and_no_more(female_voice, hiss, sing):
    found = spoken(female_voice[: 2 * 16000], hiss)
    assert found.fault == "" and "only" in found.doubt
    time = np.arange(5 * 16000) / 16000
    vibrato = sing(220.0 * 2.0 ** (np.sin(2 * np.pi * 5.0 * time) * 0.35 / 12))
    assert spoken(vibrato).fault == "" and "music or singing" in spoken(vibrato).doubt


def test_of_silence_or_a_second_of_sound_nothing_is_said(hiss):
    assert spoken(np.zeros(6 * 16000)).doubt == "" and spoken(hiss[:16000]).doubt == ""


def test_half_precision_as_in_a_store_is_enough(female_voice, sing):
    for wave in (female_voice, sing(np.full(4 * 16000, 220.0))):
        prosody = np.concatenate([Pitch(MEL).of(wave), Loudness(MEL).of(wave)], axis=1)
        exact, stored = (Spoken.of([each], MEL.frames_per_second) for each in (prosody, prosody.astype(np.float16)))
        assert (exact.fault == "") is (stored.fault == "")
