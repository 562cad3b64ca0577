"""Generators of waveforms: lengths, what they begin as, and what they may not look at."""

import keras
import numpy as np
import pytest

from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.methods.vocoder.method import magnitude_prior
from melgan_vc.nets.fourier_vocoder import fourier_vocoder
from melgan_vc.nets.upsampling_vocoder import upsampling_factors, upsampling_vocoder
from melgan_vc.nets.waveform_critics import period_critic, resolution_critic

MEL = MelConfig(rate=8000, n_fft=512, hop_length=128, n_mels=32, fmax=4000.0)
FRAMING = {"n_fft": 512, "hop_length": 128, "fft_length": 512}


def to_numpy(values):
    return keras.ops.convert_to_numpy(values)


def tiny(**options):
    return fourier_vocoder(32, channels=16, blocks=2, **FRAMING, **options)


def test_untrained_it_gives_its_start_back(draw, random_mel):
    start = draw.normal(size=(2, 39 * 128 + 512)).astype(np.float32)
    made = to_numpy(tiny()([random_mel(2, 40, 32), start]))
    assert made.shape == (2, 40 * 128)
    centre = start[:, 256 : 256 + 40 * 128]
    np.testing.assert_allclose(made[:, 256:-256], centre[:, 256:-256], atol=1e-4)


def test_a_start_that_begins_later_changes_nothing_that_is_heard_of_it(draw, random_mel):
    """The network must not learn where within a hop a sound begins: of whole hops it cannot."""
    network, mel = tiny(), random_mel(1, 40, 32)
    network.get_layer("head").kernel.assign(draw.normal(size=network.get_layer("head").kernel.shape) * 0.1)
    start = draw.normal(size=(1, 39 * 128 + 512)).astype(np.float32)
    moved = np.roll(start, 128, axis=1)
    made, later = to_numpy(network([mel, start])), to_numpy(network([np.roll(mel, 1, axis=1), moved]))
    inside = slice(15 * 128, 25 * 128)
    np.testing.assert_allclose(later[:, 16 * 128 : 26 * 128], made[:, inside], atol=1e-4)
    assert np.abs(made[:, inside] - start[:, 256:][:, inside]).max() > 0.01  # it did edit something


def test_without_a_start_an_untrained_one_is_about_as_loud_as_its_mel(draw):
    """The prior knows magnitudes, so that only phases have to be learned."""
    wave = (0.1 * draw.normal(size=8000)).astype(np.float32)
    mel = log_mel(wave, MEL)
    network = tiny(prior=magnitude_prior(MEL))
    network.get_layer("head").kernel.assign(np.zeros(network.get_layer("head").kernel.shape))
    made = to_numpy(network(mel[None]))[0]
    spectrum = np.abs(np.fft.rfft(wave[2000:2512] * np.hanning(512)))
    frame = np.abs(np.fft.rfft(made[2000:2512] * np.hanning(512)))
    assert 0.2 < np.mean(frame) / np.mean(spectrum) < 5.0


def test_a_causal_one_does_not_look_ahead(random_mel):
    network, mel = tiny(prior=magnitude_prior(MEL), causal=True), random_mel(1, 40, 32)
    changed = mel.copy()
    changed[:, 30:] = 0.0
    made, other = to_numpy(network(mel)), to_numpy(network(changed))
    untouched = 30 * 128 - 256  # where the window of frame 30 begins
    np.testing.assert_array_equal(made[:, :untouched], other[:, :untouched])
    assert np.abs(made - other)[:, untouched:].max() > 0


def test_one_that_is_not_causal_does(random_mel):
    network, mel = tiny(prior=magnitude_prior(MEL)), random_mel(1, 40, 32)
    changed = mel.copy()
    changed[:, 30:] = 0.0
    difference = np.abs(to_numpy(network(mel)) - to_numpy(network(changed)))
    assert difference[:, : 30 * 128 - 256].max() > 0


def test_a_start_has_looked_ahead_so_it_cannot_be_causal():
    with pytest.raises(ValueError, match="causal only with a prior"):
        tiny(causal=True)


def test_the_upsampling_one_gives_a_hop_of_samples_for_a_frame(random_mel):
    made = to_numpy(upsampling_vocoder(32, channels=16, hop_length=96)(random_mel(2, 10, 32)))
    assert made.shape == (2, 960)
    assert np.abs(made).max() <= 1.0


def test_factors_multiply_to_the_hop():
    assert upsampling_factors(512) == (8, 8, 8)
    assert upsampling_factors(192) == (8, 8, 3)
    with pytest.raises(ValueError, match=r"no prime factor above 7, received: 220, with 11"):
        upsampling_factors(220)


@pytest.mark.parametrize("critic", [period_critic(3, channels=4), resolution_critic(256, channels=4)])
def test_critics_score_places_and_show_their_layers(critic, draw):
    wave = draw.normal(size=(2, 4000)).astype(np.float32)
    score, *features = critic(wave)
    assert score.shape[0] == 2 and score.shape[-1] == 1
    assert len(features) == 4
    louder = critic(2.0 * wave)[0]
    assert np.abs(to_numpy(louder) - to_numpy(score)).max() > 0
