"""How high and how loud: what a decoder is told of it, and what another voice makes of it."""

import numpy as np
import pytest
import scipy.fft

from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.methods.autoencoder.prosody import HEIGHTS, beyond_range, moved_pitch, prosody_code, prosody_columns
from melgan_vc.methods.autoencoder.statistics import VoiceStatistics

MEL = MelConfig()
VOICED, LOUDNESS, FINE = HEIGHTS, HEIGHTS + 1, slice(HEIGHTS + 2, None)
OWN, WANTED = np.array([1.0, 0.2], np.float32), np.array([2.0, 0.1], np.float32)
UNKNOWN = np.full(2, np.nan, np.float32)


@pytest.fixture
def prosody(draw):
    """A second of a voice in the middle of OWN: pitch, voiced, loudness."""
    return np.stack([draw.normal(*OWN, 400), np.ones(400), np.full(400, 0.7)], axis=1).astype(np.float32)


def heights(code):
    """Pitch in octaves above 60 Hz, as the heights of a code tell it."""
    shares = code[..., :HEIGHTS]
    return shares @ np.linspace(0.0, 3.1, HEIGHTS) / shares.sum(axis=-1)


def test_a_pitch_is_told_exactly_by_the_two_heights_next_to_it():
    pitch = np.linspace(0.0, 3.0, 50)
    code = prosody_code(np.stack([pitch, np.ones(50), np.full(50, 0.75)], axis=1), MEL)
    assert code.shape == (50, prosody_columns(MEL)) and code.dtype == np.float32
    np.testing.assert_allclose(heights(code), pitch, atol=1e-5)
    assert np.sum(code[:, :HEIGHTS] > 1e-4, axis=1).max() == 2
    np.testing.assert_allclose(code[:, VOICED], 1.0)
    np.testing.assert_allclose(code[:, LOUDNESS], 0.5)  # -1 is silence, 1 is full scale


def test_without_a_voice_nothing_is_told_of_the_pitch():
    code = prosody_code(np.array([[1.7, 0.0, 0.0]]), MEL)
    assert code[0, LOUDNESS] == -1.0 and not np.delete(code[0], LOUDNESS).any()


@pytest.mark.parametrize("hertz", [90.0, 140.0, 210.0, 330.0])
def test_the_harmonics_of_a_pitch_are_shown_where_a_voice_of_it_has_them(hertz, sing):
    heard = scipy.fft.dct(log_mel(sing(np.full(16000, hertz)), MEL)[20:40].mean(axis=0), norm="ortho")
    fine = scipy.fft.idct(np.where(np.arange(80) < 20, 0.0, heard), norm="ortho")[:22]  # of ten harmonics

    def alike(shown_hertz):
        prosody = np.array([[np.log2(shown_hertz / 60.0), 1.0, 0.7]])
        return np.corrcoef(fine, prosody_code(prosody, MEL)[0, FINE][:22])[0, 1]

    assert alike(hertz) > 0.8 and alike(hertz) > alike(1.06 * hertz) + 0.1


@pytest.mark.parametrize(("pitch", "told"), [(-2.0, 0), (9.0, HEIGHTS - 1)])
def test_a_pitch_beyond_the_heights_is_the_last_of_them(pitch, told):
    assert np.argmax(prosody_code(np.array([[pitch, 1.0, 0.5]]), MEL)[0, :HEIGHTS]) == told


def test_a_melody_gets_the_middle_and_the_spread_of_the_wanted_voice(prosody):
    moved = VoiceStatistics.of([(prosody[:, :0], moved_pitch(prosody, OWN, WANTED))]).pitch
    np.testing.assert_allclose(moved, WANTED, atol=0.03)
    np.testing.assert_array_equal(moved_pitch(prosody, OWN, WANTED)[:, 1:], prosody[:, 1:])


def test_semitones_are_on_top(prosody):
    moved = moved_pitch(prosody, OWN, WANTED, semitones=-6.0)
    np.testing.assert_allclose(moved[:, 0], moved_pitch(prosody, OWN, WANTED)[:, 0] - 0.5, atol=1e-6)


def test_a_pitch_range_of_0_is_monotone_and_of_2_twice_the_melody(prosody):
    np.testing.assert_allclose(moved_pitch(prosody, OWN, WANTED, pitch_range=0.0)[:, 0], WANTED[0])
    once, twice = (moved_pitch(prosody, OWN, WANTED, pitch_range=wide)[:, 0] - WANTED[0] for wide in (1.0, 2.0))
    np.testing.assert_allclose(twice, 2.0 * once, atol=1e-6)


@pytest.mark.parametrize(("own", "wanted"), [(UNKNOWN, WANTED), (OWN, UNKNOWN)])
def test_where_a_pitch_is_unknown_the_melody_stays_but_for_semitones(prosody, own, wanted):
    np.testing.assert_array_equal(moved_pitch(prosody, own, wanted, pitch_range=0.0), prosody)
    np.testing.assert_allclose(moved_pitch(prosody, own, wanted, semitones=12.0)[:, 0], prosody[:, 0] + 1.0)


@pytest.mark.parametrize(("away", "octaves"), [(0.3, 0), (0.7, 1), (-0.2, 0), (-1.4, -1), (2.1, 2)])
def test_a_song_keeps_its_intervals_and_gets_the_octave_of_the_wanted_voice(prosody, away, octaves):
    wanted = np.array([OWN[0] + away, WANTED[1]])
    moved = moved_pitch(prosody, OWN, wanted, sung=True, semitones=-2.0)
    np.testing.assert_allclose(moved[:, 0], prosody[:, 0] + octaves - 2.0 / 12.0, atol=1e-6)


@pytest.mark.parametrize(
    ("own", "semitones", "said"),
    [
        ((1.0, 0.3), 0, ""),
        ((2.0, 0.3), 0, ""),
        ((1.4, 0.3), 0, "the song goes from 114 to 221 Hz, the voice was recorded from 79 to 182 Hz and may be "
         "hoarse beyond. --semitones auto-5 is nearer to it"),
        ((1.4, 0.3), -5, ""),
        ((1.0, 0.6), 0, "the song goes from 62 to 233 Hz, the voice was recorded from 79 to 182 Hz and may be hoarse "
         "beyond"),
        ((np.nan, np.nan), 0, ""),
    ],
)  # fmt: skip
def test_a_song_that_leaves_the_range_of_the_voice_is_said_with_what_would_fit(own, semitones, said):
    assert beyond_range(np.array(own), np.array([1.0, 0.2]), semitones) == said


def test_what_was_given_is_not_changed(prosody):
    before = prosody.copy()
    moved_pitch(prosody, OWN, WANTED, semitones=3.0)
    np.testing.assert_array_equal(prosody, before)
