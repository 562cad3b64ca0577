import tracemalloc

import numpy as np
import pytest

from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.vocoders.base import Vocoder
from melgan_vc.vocoders.griffin_lim import GriffinLim


def decibels(ratio: float) -> float:
    return 20.0 * np.log10(ratio)


def rms(wave: np.ndarray) -> float:
    return float(np.sqrt(np.mean(wave.astype(np.float64) ** 2)))


def test_it_is_a_vocoder():
    assert isinstance(GriffinLim(MelConfig()), Vocoder)


@pytest.mark.parametrize("pieces", [[1], [7], [128], [100, 1, 0, 500], [2000]], ids=str)
def test_stream_equals_invert_for_any_pieces(pieces, speech):
    config = MelConfig(n_fft=512, hop_length=128)
    mel = log_mel(speech(config, 5.0), config)
    vocoder = GriffinLim(config, iterations=8, mel_iterations=8, block_frames=128)

    def cut():
        start = turn = 0
        while start < len(mel):
            size = pieces[turn % len(pieces)]
            yield mel[start : start + size]
            start, turn = start + size, turn + 1

    streamed = np.concatenate(list(vocoder.stream(cut())))
    np.testing.assert_allclose(streamed, vocoder.invert(mel), atol=1e-4, rtol=0)


def test_blocks_with_context_equal_one_block(config, speech):
    mel = log_mel(speech(config, 12.0), config)
    options = {"iterations": 12, "mel_iterations": 8}
    whole = GriffinLim(config, **options, block_frames=100_000).invert(mel)
    blocks = list(GriffinLim(config, **options, block_frames=128).stream([mel]))
    assert len(blocks) > 3
    np.testing.assert_allclose(np.concatenate(blocks), whole, atol=1e-4, rtol=0)


@pytest.mark.parametrize("samples", [0, 1, 255, 256, 257, 16000])
def test_the_waveform_is_never_shorter_than_the_one_the_mel_came_from(samples):
    config = MelConfig()
    mel = log_mel(np.ones(samples, np.float32), config)
    wave = GriffinLim(config, iterations=1).invert(mel)
    assert wave.shape == (len(mel) * 256,)
    assert wave.dtype == np.float32
    assert samples < len(wave) <= samples + 256


def test_a_click_stays_where_it_was(config):
    wave = np.zeros(config.rate, np.float32)
    place = 9000
    wave[place] = 0.9
    found = GriffinLim(config).invert(log_mel(wave, config))
    centre = np.sum(np.arange(len(found)) * found**2) / np.sum(found**2)
    assert abs(centre - place) < config.hop_length / 2


@pytest.mark.parametrize("frequency", [220.0, 440.0, 1000.0])
def test_a_sine_keeps_its_frequency_and_level(config, frequency):
    time = np.arange(2 * config.rate) / config.rate
    wave = (0.5 * np.sin(2.0 * np.pi * frequency * time)).astype(np.float32)
    found = GriffinLim(config).invert(log_mel(wave, config))[: len(wave)]
    spectrum = np.abs(np.fft.rfft(found * np.hanning(len(found))))
    # The mel says in which band a sine is, not where in the band: the centroid tells more than the peak.
    near = np.abs(np.arange(len(spectrum)) / 2.0 - frequency) < 100.0
    centroid = np.sum((np.arange(len(spectrum)) / 2.0 * spectrum**2)[near]) / np.sum(spectrum[near] ** 2)
    assert centroid == pytest.approx(frequency, rel=0.01)
    assert abs(decibels(rms(found) / rms(wave))) < 1.0


def test_speech_keeps_its_level(config, speech):
    wave = speech(config, 3.0)
    found = GriffinLim(config).invert(log_mel(wave, config))[: len(wave)]
    assert abs(decibels(rms(found) / rms(wave))) < 1.0


def test_noise_keeps_its_level_up_to_both_ends(config):
    wave = (0.1 * np.random.default_rng(0).standard_normal(config.rate)).astype(np.float32)
    found = GriffinLim(config).invert(log_mel(wave, config))[: len(wave)]
    assert abs(decibels(rms(found) / rms(wave))) < 1.0
    ends = slice(0, config.n_fft), slice(-config.n_fft, None)
    for end in ends:
        assert abs(decibels(rms(found[end]) / rms(wave[end]))) < 3.0


def test_the_mel_of_the_waveform_is_close_to_the_given_one(config, speech):
    mel = log_mel(speech(config, 2.0), config)
    again = log_mel(GriffinLim(config).invert(mel), config)[: len(mel)]
    loud = mel > -0.2  # the upper 40 % of the range
    error_db = np.abs(again - mel)[loud].mean() * (config.ceiling_db - config.floor_db) / 2.0
    assert error_db < 1.5


def test_silence_stays_silent(config):
    found = GriffinLim(config).invert(np.full((20, config.n_mels), -1.0, np.float32))
    assert len(found) == 20 * config.hop_length
    assert np.abs(found).max() < 1e-3


def test_silence_after_speech_is_silent_again(speech):
    config = MelConfig()
    wave = np.concatenate([speech(config, 0.3), np.zeros(config.rate, np.float32)])
    found = GriffinLim(config).invert(log_mel(wave, config))
    assert np.isfinite(found).all()
    assert np.abs(found[int(0.5 * config.rate) :]).max() < 1e-3


def test_one_frame_is_a_hop_of_audio_and_none_is_none(config):
    vocoder = GriffinLim(config)
    one = vocoder.invert(np.full((1, config.n_mels), 0.2, np.float32))
    assert one.shape == (config.hop_length,)
    assert np.isfinite(one).all()
    assert rms(one) > 1e-3
    assert vocoder.invert(np.zeros((0, config.n_mels), np.float32)).shape == (0,)
    assert list(vocoder.stream([])) == []


def test_the_memory_of_a_stream_does_not_grow():
    config = MelConfig(n_fft=256, hop_length=64, n_mels=20)

    def peak(blocks: int) -> int:
        vocoder = GriffinLim(config, iterations=2, mel_iterations=2, block_frames=256)
        random = np.random.default_rng(0)
        tracemalloc.start()
        for _ in vocoder.stream(random.uniform(-1.0, 0.5, (256, 20)) for _ in range(blocks)):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(2)  # caches
    assert peak(40) < 2.0 * peak(8)  # were all of it kept, five times as much; what is still garbage varies


def test_bad_settings_and_mels_say_what_was_expected():
    with pytest.raises(ValueError, match=r"momentum in \[0, 1\], received: momentum=1.5"):
        GriffinLim(MelConfig(), momentum=1.5)
    with pytest.raises(ValueError, match="iterations >= 0"):
        GriffinLim(MelConfig(), iterations=-1)
    with pytest.raises(ValueError, match="NaN"):
        GriffinLim(MelConfig()).invert(np.full((4, 80), np.nan, np.float32))
    with pytest.raises(ValueError, match=r"received shape \(80,\)"):
        GriffinLim(MelConfig()).invert(np.zeros(80, np.float32))
