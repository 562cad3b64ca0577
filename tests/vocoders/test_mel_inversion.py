import numpy as np
import pytest

from melgan_vc.audio.mel import log_mel, mel_filterbank, normalise
from melgan_vc.config.mel import MelConfig
from melgan_vc.vocoders.mel_inversion import mel_to_magnitude


def test_the_magnitude_has_the_mel_it_was_made_from(config, speech):
    mel = log_mel(speech(config, 2.0), config)
    magnitude = mel_to_magnitude(mel, config)
    assert magnitude.shape == (len(mel), config.n_bins)
    assert magnitude.dtype == np.float32
    assert (magnitude >= 0.0).all()
    again = normalise(magnitude**2 @ mel_filterbank(config).T, config)
    loud = mel > normalise(np.full(1, 1e-6, np.float32), config)  # above -60 dB
    decibels = np.abs(again - mel)[loud] * (config.ceiling_db - config.floor_db) / 2.0
    assert loud.mean() > 0.1
    # Fewer than one cell in a hundred is far off: beside a strong partial, where no true spectrum is so steep.
    assert decibels.mean() < 0.5
    assert np.percentile(decibels, 95) < 2.0


def test_the_linear_spectrogram_is_closer_than_that_of_the_pseudo_inverse(config, speech, magnitude, convergence_db):
    wave = speech(config, 2.0)
    true, mel = magnitude(wave, config), log_mel(wave, config)
    filters = mel_filterbank(config)
    plain = np.sqrt(np.maximum(np.linalg.pinv(filters) @ (true[: len(mel)] ** 2 @ filters.T).T, 0.0)).T
    found = mel_to_magnitude(mel, config)
    assert convergence_db(true[: len(mel)], found) < convergence_db(true[: len(mel)], plain) - 1.0


def test_a_frame_does_not_depend_on_the_others(config, speech):
    mel = log_mel(speech(config, 3.0), config)
    whole = mel_to_magnitude(mel, config)
    np.testing.assert_array_equal(mel_to_magnitude(mel[57:111], config), whole[57:111])
    np.testing.assert_array_equal(mel_to_magnitude(mel[40:41], config), whole[40:41])


def test_silence_is_exactly_zero_and_noise_beside_it_is_not():
    config = MelConfig()
    mel = np.full((3, config.n_mels), -1.0, np.float32)
    mel[1] = 0.0
    found = mel_to_magnitude(mel, config)
    assert found[0].max() == 0.0
    assert found[2].max() == 0.0
    assert found[1].min() == 0.0  # the bins at 0 Hz and 8 kHz, which no filter hears
    assert np.median(found[1]) > 1e-3


def test_more_iterations_follow_the_mel_more_closely(speech):
    config = MelConfig()
    mel = log_mel(speech(config, 1.0), config)

    def error(iterations: int) -> float:
        power = mel_to_magnitude(mel, config, iterations=iterations) ** 2
        return float(np.abs(normalise(power @ mel_filterbank(config).T, config) - mel).mean())

    assert error(40) < error(10) < error(0)


def test_the_result_does_not_depend_on_the_dtype_and_values_beyond_the_range_are_clipped():
    config = MelConfig()
    mel = np.random.default_rng(0).uniform(-1.0, 1.2, (5, config.n_mels))
    clipped = np.clip(mel, -1.0, 1.0).astype(np.float32)
    np.testing.assert_array_equal(mel_to_magnitude(mel, config), mel_to_magnitude(clipped, config))


def test_no_frames_give_no_frames():
    assert mel_to_magnitude(np.zeros((0, 80), np.float32), MelConfig()).shape == (0, 513)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_diverged_network_is_named(bad):
    mel = np.zeros((10, 80), np.float32)
    mel[7, 3] = bad
    with pytest.raises(ValueError, match=r"NaN or infinity \(first in frame 7\)"):
        mel_to_magnitude(mel, MelConfig())


def test_a_mel_of_other_settings_is_refused():
    with pytest.raises(ValueError, match=r"shape \(frames, 80\), received shape \(10, 128\)"):
        mel_to_magnitude(np.zeros((10, 128), np.float32), MelConfig())
