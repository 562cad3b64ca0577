import librosa
import numpy as np
import pytest

from melgan_vc.audio.mel import analysis_window
from melgan_vc.config.mel import MelConfig
from melgan_vc.vocoders.phase_iterations import context_frames, griffin_lim


def test_converges_as_well_as_librosa(speech, magnitude, convergence_db):
    config = MelConfig()
    wave = speech(config, 3.0)
    true = magnitude(wave, config)
    scale = 0.5 / analysis_window(config)[config.n_fft // 4]  # librosa's window has a peak of 1
    theirs = librosa.griffinlim(
        (true * scale).T, n_iter=32, hop_length=config.hop_length, momentum=0.99, random_state=0, length=len(wave)
    )
    ours = griffin_lim(true, config, iterations=32)[: len(wave)]
    theirs_db = convergence_db(true, magnitude(theirs, config))
    assert theirs_db < -15.0  # the comparison is with librosa at work, not with a mistake in its use
    assert convergence_db(true, magnitude(ours, config)) < theirs_db + 0.3


def test_more_iterations_and_momentum_come_closer(config, speech, magnitude, convergence_db):
    true = magnitude(speech(config, 1.0), config)

    def result(**options) -> float:
        found = magnitude(griffin_lim(true, config, **options), config)[: len(true)]
        return convergence_db(true, found)

    assert result(iterations=32) < result(iterations=8) - 2.0 < result(iterations=0) - 4.0
    assert result(iterations=32) < result(iterations=32, momentum=0.0) - 1.0


def test_a_true_spectrogram_gives_its_waveform_up_to_the_sign():
    # A sine in the middle of nothing: phase is determined up to a shift by half a period.
    config = MelConfig(n_fft=512, hop_length=128)
    time = np.arange(8192)
    wave = (0.5 * np.sin(2.0 * np.pi * 1000.0 * time / config.rate) * np.hanning(8192)).astype(np.float32)
    half = config.n_fft // 2
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(wave, (half, half)), config.n_fft)[::128]
    true = np.abs(np.fft.rfft(windows * analysis_window(config), axis=1)).astype(np.float32)
    found = griffin_lim(true, config)[: len(wave)]
    envelope_error = np.abs(np.abs(_analytic(found)) - np.abs(_analytic(wave)))
    assert envelope_error.max() < 0.02


def _analytic(wave: np.ndarray) -> np.ndarray:
    spectrum = np.fft.fft(wave)
    spectrum[len(wave) // 2 :] = 0.0
    return 2.0 * np.fft.ifft(spectrum)


@pytest.mark.parametrize("hop_length", [256, 192, 300, 512])
def test_hops_that_do_not_divide_the_window_work_too(hop_length, speech, magnitude, convergence_db):
    config = MelConfig(hop_length=hop_length)
    true = magnitude(speech(config, 1.0), config)
    wave = griffin_lim(true, config)
    assert len(wave) == len(true) * hop_length
    assert convergence_db(true, magnitude(wave, config)[: len(true)]) < -12.0


@pytest.mark.parametrize("frames", [1, 2, 127, 128, 129, 130, 131])
def test_every_number_of_frames_around_a_tile_has_its_samples_and_level(frames):
    config = MelConfig()
    random = np.random.default_rng(0)
    wave = griffin_lim(random.random((frames, config.n_bins), dtype=np.float32), config, iterations=2)
    assert wave.shape == (frames * config.hop_length,)
    assert np.isfinite(wave).all()
    thirds = np.array_split(wave, 3)
    levels = [np.sqrt(np.mean(third**2)) for third in thirds]
    assert max(levels) < 4.0 * min(levels)  # nothing is missing at the seam, nothing doubled


def test_the_context_covers_what_a_change_can_reach(speech, magnitude):
    # Samples that are further off than the context do not change by one bit.
    config = MelConfig(n_fft=512, hop_length=128)
    true = magnitude(speech(config, 6.0), config)
    iterations, frame = 20, 300
    changed = true.copy()
    changed[frame] += 0.1 * true.max()
    waves = [griffin_lim(given, config, iterations=iterations) for given in (true, changed)]
    touched = np.flatnonzero(waves[0] != waves[1]) / config.hop_length
    reach = 3 * iterations + 2
    tile_end = 384  # the starting phase runs on from frame to frame, up to the end of the tile of 128
    assert frame - reach <= touched.min() < frame < touched.max() <= tile_end + reach
    assert context_frames(config, iterations) == 128 >= reach
