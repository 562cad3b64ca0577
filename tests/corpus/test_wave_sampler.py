"""Windows of waveforms with the log-mels of them: aligned, repeatable, as loud as they say."""

import numpy as np
import pytest

from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus.wave_sampler import WaveFile, WaveSampler

MEL = MelConfig(rate=8000, n_fft=512, hop_length=128, n_mels=32, fmax=4000.0)


@pytest.fixture
def files(tmp_path, draw):
    """Two waveforms of 4 s and 1 s, each with a start that is minus itself."""
    found = []
    for name, samples in (("long", 32_000), ("short", 8_000)):
        wave = (0.1 * draw.normal(size=samples)).astype(np.float16)
        np.save(tmp_path / f"{name}.npy", wave)
        np.save(tmp_path / f"{name}-start.npy", -wave)
        found.append(WaveFile(tmp_path / f"{name}.npy", MEL.frames(samples), tmp_path / f"{name}-start.npy"))
    return found


def sampler(files, **options):
    return WaveSampler(files, mel=MEL, **{"length": 40, "batch_size": 4, "seed": 1, **options})


def test_log_mel_waveform_and_start_are_of_the_same_place(files):
    mel, wave, start = sampler(files).batch(3)
    assert mel.shape == (4, 40, 32) and wave.shape == start.shape == (4, 39 * 128 + 512)
    np.testing.assert_array_equal(start, -wave)
    # Frames whose windows lie within the waveform are those of a waveform that begins half a window later.
    np.testing.assert_allclose(mel[0, 2:-2], log_mel(wave[0, 256:], MEL)[2:38], atol=1e-5)


def test_the_batch_of_a_step_is_the_same_again_and_another_step_has_another(files):
    first, again, other = sampler(files).batch(7), sampler(files).batch(7), sampler(files).batch(8)
    np.testing.assert_array_equal(first[1], again[1])
    assert not np.array_equal(first[1], other[1])


def test_gain_is_within_its_range_and_the_log_mel_hears_it(files):
    plain, mel = sampler(files), sampler(files, gain_db=(-6.0, -6.0))
    quiet, loud = mel.batch(0), plain.batch(0)
    np.testing.assert_allclose(quiet[1], loud[1] * 10 ** (-6 / 20), rtol=1e-5)
    # 93 dB are 2 units of a log-mel.
    assert np.median(loud[0] - quiet[0]) == pytest.approx(6.0 / 46.5, abs=1e-3)


def test_a_file_shorter_than_a_window_lies_in_silence(files):
    mel, wave, _ = sampler(files[1:], length=100).batch(0)
    assert (wave == 0).mean() > 0.3
    assert mel.min() == -1.0


def test_given_log_mels_take_the_place_of_the_waveforms_own(files, tmp_path):
    features = np.linspace(-1, 1, files[0].frames, dtype=np.float16)[:, None] * np.ones(32, np.float16)
    np.save(tmp_path / "made.npy", features)
    converted = WaveFile(files[0].waveform, files[0].frames, files[0].start, tmp_path / "made.npy")
    mel, wave, _ = sampler([converted], gain_db=(-6.0, 3.0)).batch(0)
    first = int(np.argmin(np.abs(features[:, 0].astype(np.float32) - mel[0, 0, 0])))
    recorded = np.load(files[0].waveform).astype(np.float32)
    low = first * 128 - 256
    np.testing.assert_array_equal(wave[0, max(-low, 0) : 3000], recorded[max(low, 0) : low + 3000])  # with no gain


def test_without_starts_there_are_none(files):
    assert len(sampler([WaveFile(file.waveform, file.frames) for file in files]).batch(0)) == 2


def test_nothing_to_draw_from_is_an_error():
    with pytest.raises(ValueError, match="Expected waveforms to draw from"):
        sampler([])
