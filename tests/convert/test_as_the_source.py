"""A conversion is as loud as its source, as quiet in its pauses, and as wide."""

import numpy as np
import pytest
import soundfile

from melgan_vc.convert.waveform import convert_waveform
from melgan_vc.vocoders.griffin_lim import GriffinLim

RATE = 8000


class Loud:
    """A vocoder whose sound is never quiet: noise, at one level or another."""

    name, latency = "loud", None

    def __init__(self, config, level=0.3):
        self.config, self.level, self.streams = config, level, 0

    def stream(self, log_mels):
        self.streams += 1
        draw = np.random.default_rng(self.streams)
        for mel in log_mels:
            yield (self.level * draw.standard_normal(len(mel) * self.config.hop_length)).astype(np.float32)


@pytest.fixture
def convert(identity_model):
    """``convert(wave, vocoder=None)``: by a model that changes nothing, ``(samples, channels)``."""

    def call(wave, vocoder=None):
        vocoder = vocoder or GriffinLim(identity_model.config.mel, iterations=4)
        return convert_waveform(wave.astype(np.float32), RATE, model=identity_model, vocoder=vocoder)

    return call


@pytest.fixture
def loud(identity_model):
    return Loud(identity_model.config.mel)


@pytest.fixture(scope="module")
def speech(female_voice):
    """Six seconds at 8 kHz."""
    import soxr

    return soxr.resample(female_voice, 16000, RATE)


def decibels(wave):
    return 10 * np.log10(np.mean(np.square(wave, dtype=np.float64)) + 1e-20)


def correlation(wave):
    return np.corrcoef(wave.T)[0, 1]


def panning(wave):
    return decibels(wave[:, 0]) - decibels(wave[:, 1])


def noise(seconds, level_db, channels=1, seed=0):
    wave = np.random.default_rng(seed).standard_normal((int(seconds * RATE), channels))
    return 10 ** (level_db / 20) * wave


class TestLevel:
    @pytest.mark.parametrize("gain_db", [-60, -20, 0])
    @pytest.mark.parametrize("level", [0.01, 0.3])
    def test_it_is_as_loud_however_loud_the_vocoder_is(self, convert, identity_model, speech, gain_db, level):
        wave = speech * 10 ** (gain_db / 20)
        made = convert(wave, Loud(identity_model.config.mel, level))
        assert decibels(made) == pytest.approx(decibels(wave), abs=1.0)

    def test_a_fade_is_kept(self, convert, loud):
        wave = noise(8, -20)[:, 0] * 10 ** (-np.linspace(0, 40, 8 * RATE) / 20)
        made = convert(wave, loud)
        seconds = [slice(number * RATE, (number + 1) * RATE) for number in range(8)]
        apart = [decibels(made[second]) - decibels(wave[second]) for second in seconds]
        assert np.abs(apart).max() < 1.0

    def test_a_pause_is_no_louder(self, convert, loud, speech):
        wave = np.concatenate([noise(2, -60)[:, 0], speech, noise(2, -60)[:, 0]])
        made = convert(wave, loud)
        for pause in (slice(0, int(1.8 * RATE)), slice(-int(1.8 * RATE), None)):
            assert decibels(made[pause]) < decibels(wave[pause]) + 0.5

    def test_silence_is_silent(self, convert, loud, speech):
        wave = np.concatenate([np.zeros(2 * RATE), speech, np.zeros(2 * RATE)])
        made = convert(wave, loud)
        assert decibels(made[: int(1.9 * RATE)]) < -80
        assert decibels(made[-int(1.9 * RATE) :]) < -80

    def test_nothing_is_beyond_full_scale(self, convert, loud):
        made = convert(np.clip(noise(4, -9, 2), -1, 1), loud)
        assert np.abs(made).max() < 1.0

    @pytest.mark.parametrize("offset", [0.1, 0.3])
    def test_an_offset_is_not_taken_for_sound(self, convert, speech, offset):
        made = convert(0.1 * speech + offset)
        assert decibels(made) == pytest.approx(decibels(0.1 * speech), abs=1.0)


class TestImage:
    def test_dual_mono_stays_dual_mono(self, convert, speech):
        made = convert(np.stack([speech, speech], axis=1))
        np.testing.assert_array_equal(made[:, 0], made[:, 1])

    def test_a_centred_voice_with_noise_of_its_own_stays_in_the_centre(self, convert, speech):
        made = convert(speech[:, None] + noise(6, -70, 2))
        assert correlation(made) > 0.99
        assert panning(made) == pytest.approx(0.0, abs=0.2)

    def test_an_inverted_channel_stays_inverted(self, convert, speech):
        made = convert(np.stack([speech, -speech], axis=1))
        assert correlation(made) < -0.99
        assert decibels(made) == pytest.approx(decibels(speech), abs=1.0)

    def test_a_panned_voice_stays_panned(self, convert, speech):
        wave = np.stack([speech, 0.3 * speech], axis=1)
        made = convert(wave)
        assert panning(made) == pytest.approx(panning(wave), abs=0.5)
        assert correlation(made) > 0.99

    @pytest.mark.parametrize("wide", [0.2, 0.6, 0.9])
    def test_a_mix_is_as_wide_as_it_was(self, convert, loud, wide, speech):
        # A voice in the centre below, and something to either side of it above.
        sides = noise(6, -20, 2, seed=3)
        sides = sides - np.roll(sides, 1, axis=0)
        wave = wide * speech[:, None] + (1 - wide) * sides
        for made in (convert(wave), convert(wave, loud)):
            assert correlation(made) == pytest.approx(correlation(wave), abs=0.1)
            assert panning(made) == pytest.approx(panning(wave), abs=1.0)

    def test_a_silent_channel_stays_silent(self, convert, speech):
        channels = [0 * speech, 0 * speech, speech, 0 * speech]
        made = convert(np.stack(channels, axis=1))
        assert decibels(made[:, 2]) == pytest.approx(decibels(speech), abs=1.0)
        assert not made[:, [0, 1, 3]].any()

    def test_who_has_a_channel_of_their_own_keeps_it(self, convert, speech):
        """Two people take turns, each before a microphone."""
        half = len(speech) // 2
        left, right = speech.copy(), np.roll(speech, half)
        left[half:], right[:half] = 0.0, 0.0
        made = convert(np.stack([left, right], axis=1))
        assert decibels(made[half + RATE // 4 :, 0]) < -80 and decibels(made[: half - RATE // 4, 1]) < -80

    @pytest.mark.parametrize("bleed", [0.05, 0.2])
    def test_who_is_heard_in_the_others_microphone_still_is(self, convert, loud, speech, bleed):
        left, right = speech, np.roll(speech, 20_000)
        wave = np.stack([left + bleed * right, right + bleed * left], axis=1)
        made = convert(wave, loud)
        assert correlation(made) == pytest.approx(correlation(wave), abs=0.1)
        assert panning(made) == pytest.approx(panning(wave), abs=1.0)

    def test_a_file_is_converted_as_a_waveform_is(self, convert, speech, identity_model, record, tmp_path):
        from melgan_vc.convert.stream import convert_file

        wave = 0.5 * speech[:, None] + noise(6, -40, 2)
        vocoder = GriffinLim(identity_model.config.mel, iterations=4)
        convert_file(
            record("in.wav", wave, subtype="FLOAT"), tmp_path / "out.wav", model=identity_model, vocoder=vocoder
        )
        found, _ = soundfile.read(tmp_path / "out.wav")
        np.testing.assert_allclose(found, convert(wave, vocoder), atol=2**-15)
