"""Reference rows: through the vocoder, backwards, equalised."""

import numpy as np
import pytest
import scipy.signal

from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.baselines.signal import copy_synthesis, equalised, fit_equaliser, reversed_in_time
from melgan_vc.vocoders.griffin_lim import GriffinLim

CONFIG = MelConfig()


@pytest.fixture
def tone():
    def make(rate: int) -> np.ndarray:
        """A second and a bit of three gliding partials."""
        time = np.arange(int(1.2345 * rate)) / rate
        phase = 2.0 * np.pi * (300.0 * time + 100.0 * time**2)
        return (0.2 * sum(np.sin(n * phase) / n for n in (1, 2, 3))).astype(np.float32)

    return make


@pytest.mark.parametrize("rate", [16000, 44100])
def test_copy_synthesis_keeps_the_log_mel_and_the_length(rate, tone):
    wave = tone(rate)

    copied = copy_synthesis(wave, CONFIG, GriffinLim(CONFIG), rate=rate)

    assert copied.shape == wave.shape and copied.dtype == np.float32
    config = MelConfig(rate=rate, n_fft=1024 * rate // 16000 // 2 * 2, hop_length=256 * rate // 16000)
    difference = np.abs(log_mel(copied, config) - log_mel(wave, config))
    loud = log_mel(wave, config) > 0.0  # above -43 dB
    assert difference[loud].mean() * 46.5 < 1.5  # dB
    assert not np.array_equal(copied, wave)


def test_copy_synthesis_refuses_a_vocoder_of_other_settings(tone):
    with pytest.raises(MelganVcError, match="n_mels is 80 in the log-mel and 64 in the vocoder"):
        copy_synthesis(tone(16000), CONFIG, GriffinLim(MelConfig(n_mels=64)))


def test_backwards_twice_is_forwards(tone):
    wave = tone(16000)

    assert reversed_in_time(wave)[0] == wave[-1]
    np.testing.assert_array_equal(reversed_in_time(reversed_in_time(wave)), wave)


def level_db(wave: np.ndarray, low: float, high: float, rate: int = 16000) -> float:
    frequencies, power = scipy.signal.welch(wave, fs=rate, nperseg=2048)
    return float(10.0 * np.log10(power[(frequencies >= low) & (frequencies < high)].mean()))


@pytest.fixture
def noise(draw) -> np.ndarray:
    return (0.1 * draw.standard_normal(4 * 16000)).astype(np.float32)


def test_noise_takes_the_spectrum_of_the_target(noise, draw):
    low_pass = scipy.signal.firwin(513, 2000.0, fs=16000) + 0.1 * (np.arange(513) == 256)  # 20 dB down above 2 kHz
    target = [
        scipy.signal.oaconvolve(draw.standard_normal(64000), low_pass, mode="same") * loud for loud in (0.3, 0.01)
    ]

    taps = fit_equaliser([noise, noise / 5.0], [clip.astype(np.float32) for clip in target], 16000)
    found = equalised(noise, taps)

    for low, high in [(100, 1600), (2500, 7000)]:
        wanted = level_db(target[0], low, high) - level_db(target[0], 100, 1600)
        assert level_db(found, low, high) - level_db(found, 100, 1600) == pytest.approx(wanted, abs=1.0)
    assert found.std() == pytest.approx(noise.std(), rel=1e-3)
    assert found.shape == noise.shape and found.dtype == np.float32


def test_clips_of_one_style_change_nothing(noise, tone):
    found = equalised(tone(16000), fit_equaliser([noise], [noise * 0.2], 16000))

    np.testing.assert_allclose(found, tone(16000), atol=1e-3)


def test_gain_is_limited(noise):
    narrow = scipy.signal.sosfilt(scipy.signal.butter(8, [500.0, 2000.0], "band", fs=16000, output="sos"), noise)

    found = equalised(noise, fit_equaliser([noise], [narrow.astype(np.float32)], 16000))

    contrast = level_db(found, 800, 1200) - level_db(found, 4000, 7000)
    wanted = level_db(narrow, 800, 1200) - level_db(narrow, 4000, 7000)
    assert wanted > 60.0
    assert contrast == pytest.approx(24.0 + 7.3, abs=1.0)  # in a fifth of the band one level is 7.3 dB more


def test_without_clips_that_sound_the_clip_is_left_alone(noise):
    silence = np.zeros(16000, np.float32)
    np.testing.assert_array_equal(equalised(noise, fit_equaliser([noise], [silence], 16000)), noise)
    np.testing.assert_array_equal(equalised(silence, fit_equaliser([noise], [noise], 16000)), silence)
