"""Waveform to log-mel: levels, silence, and streaming that changes nothing."""

import librosa
import numpy as np
import pytest

from melgan_vc.audio.mel import (
    denormalise,
    hz_to_mel,
    log_mel,
    mel_filterbank,
    mel_to_hz,
    normalise,
    stream_log_mel,
)
from melgan_vc.config.mel import MelConfig
from melgan_vc.methods.presets import preset, presets_of

NAMES = pytest.mark.parametrize("name", presets_of("travelgan"))


def sine(hz, config, *, seconds=0.5, amplitude=1.0):
    time = np.arange(int(seconds * config.rate)) / config.rate
    return (amplitude * np.sin(2 * np.pi * hz * time)).astype(np.float32)


def decibels(mel, config):
    return 10.0 * np.log10(denormalise(mel, config))


@NAMES
def test_full_scale_sine_is_about_0_db(name):
    config = preset(name).mel
    middle = log_mel(sine(config.rate / 16, config), config)[10:-10]
    # Neighbouring triangles add up to 1 at every frequency, so that no power is lost between two bands.
    total = 10.0 * np.log10(denormalise(middle, config).sum(axis=1))
    np.testing.assert_allclose(total, 0.0, atol=0.05)


@NAMES
@pytest.mark.parametrize("amplitude_db", [-20.0, -60.0])
def test_quieter_by_20_db_is_lower_by_20_db(name, amplitude_db):
    config = preset(name).mel
    loud = decibels(log_mel(sine(1000.0, config), config), config)[10:-10].max()
    amplitude = 10 ** (amplitude_db / 20)
    quiet = decibels(log_mel(sine(1000.0, config, amplitude=amplitude), config), config)[10:-10].max()
    assert quiet - loud == pytest.approx(amplitude_db, abs=0.05)


@NAMES
def test_loudest_possible_waveforms_do_not_clip(name):
    config = preset(name).mel
    wide = config.model_copy(update={"ceiling_db": 40.0})
    waves = [np.sign(sine(hz, config) + 1e-9) for hz in (20.0, 55.0, 440.0, config.rate / 4)]
    waves.append(np.ones(config.rate // 4, np.float32))  # a constant offset: all power in one bin
    highest = max(decibels(log_mel(wave.astype(np.float32), wide), wide).max() for wave in waves)
    assert highest <= config.ceiling_db + 0.02
    assert highest > config.ceiling_db - 6.0  # and the range is not wasted


@NAMES
def test_silence_is_minus_one_everywhere(name):
    config = preset(name).mel
    mel = log_mel(np.zeros(3000, np.float32), config)
    assert mel.shape == (config.frames(3000), config.n_mels)
    assert np.all(mel == -1.0)


def test_noise_is_within_range_float32_and_not_silent(draw):
    config = MelConfig()
    mel = log_mel(draw.uniform(-1, 1, 8000).astype(np.float32), config)
    assert mel.dtype == np.float32
    assert np.all(np.abs(mel) <= 1.0) and np.all(mel > -0.5)


def test_against_librosa_on_noise(draw):
    config = MelConfig()
    wave = draw.uniform(-1, 1, 8000).astype(np.float32)
    power = librosa.feature.melspectrogram(
        y=wave, sr=16000, n_fft=1024, hop_length=256, n_mels=80, norm=None, power=2.0, pad_mode="constant"
    )
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(1024) / 1024)
    expected = 10 * np.log10(power * 4 / (1024 * np.sum(hann**2)))
    np.testing.assert_allclose(decibels(log_mel(wave, config), config), expected.T, atol=0.01)


def test_sound_appears_at_its_time_and_frequency():
    config = MelConfig()
    wave = np.zeros(16000, np.float32)
    wave[8000:12000] = sine(2000.0, config, seconds=0.25)
    mel = log_mel(wave, config)
    frame, band = np.unravel_index(np.argmax(mel), mel.shape)
    assert 8000 <= frame * 256 <= 12000
    filters = mel_filterbank(config)
    assert filters[band].argmax() * 16000 / 1024 == pytest.approx(2000.0, rel=0.05)
    assert np.all(mel[: (8000 - 512) // 256] == -1.0)


def test_filters_end_at_fmax():
    config = MelConfig(fmax=5000.0, fmin=100.0)
    expected = librosa.filters.mel(sr=16000, n_fft=1024, n_mels=80, fmin=100.0, fmax=5000.0, norm=None)
    filters = mel_filterbank(config)
    np.testing.assert_allclose(filters, expected, atol=1e-5)
    hertz = np.linspace(0, 8000, filters.shape[1])
    assert np.all(filters[:, hertz >= 5000.0] == 0.0) and np.all(filters[:, hertz <= 100.0] == 0.0)
    above = log_mel(sine(6500.0, config), config)[10:-10]
    assert above.max() < -0.5


@pytest.mark.parametrize("scale", ["slaney", "htk"])
def test_mel_scales_are_librosas_and_invert(scale):
    hz = np.array([0.0, 60.0, 999.0, 1000.0, 1001.0, 4000.0, 11025.0])
    mel = hz_to_mel(hz, mel_scale=scale)
    np.testing.assert_allclose(mel, librosa.hz_to_mel(hz, htk=scale == "htk"), rtol=1e-6)
    np.testing.assert_allclose(mel_to_hz(mel, mel_scale=scale), hz, rtol=1e-6, atol=1e-9)


def test_normalise_maps_the_range_to_plus_minus_one_and_back():
    config = MelConfig(floor_db=-90.0, ceiling_db=10.0)
    levels = np.array([-200.0, -90.0, -40.0, 10.0, 30.0])
    mel = normalise((10.0 ** (levels / 10)).astype(np.float32), config)
    np.testing.assert_allclose(mel, [-1.0, -1.0, 0.0, 1.0, 1.0], atol=1e-6)
    np.testing.assert_allclose(10 * np.log10(denormalise(mel, config)), [-90, -90, -40, 10, 10], atol=1e-4)


@NAMES
@pytest.mark.parametrize("splits", [[1] * 50 + [4951], [777, 1, 0, 2222, 2001], [5001], [13] * 384 + [9]])
def test_streaming_in_odd_blocks_equals_the_whole(name, splits, draw):
    config = preset(name).mel
    wave = draw.uniform(-1, 1, 5001).astype(np.float32)
    assert sum(splits) == len(wave)
    blocks = np.split(wave, np.cumsum(splits)[:-1])
    pieces = list(stream_log_mel(iter(blocks), config))
    assert all(len(piece) for piece in pieces)
    np.testing.assert_allclose(np.concatenate(pieces), log_mel(wave, config), atol=1e-5)


@pytest.mark.parametrize("samples", [0, 1, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 2048])
def test_every_length_streams_to_its_number_of_frames(samples, draw):
    config = MelConfig()
    wave = draw.uniform(-1, 1, samples).astype(np.float32)
    whole = log_mel(wave, config)
    assert whole.shape == (1 + samples // 256, 80)
    np.testing.assert_allclose(np.concatenate(list(stream_log_mel([wave], config))), whole, atol=1e-5)


def test_long_input_equals_its_parts(draw):
    """More frames than one block of the transform."""
    config = MelConfig(rate=8000, n_fft=64, hop_length=32, n_mels=8, fmax=4000.0)
    wave = draw.uniform(-1, 1, 32 * 2500).astype(np.float32)
    whole = log_mel(wave, config)
    np.testing.assert_allclose(whole[2000:2010], log_mel(wave[32 * 1990 :], config)[10:20], atol=1e-5)


def test_stereo_is_refused():
    with pytest.raises(ValueError, match=r"mono.*\(100, 2\)"):
        log_mel(np.zeros((100, 2), np.float32), MelConfig())
