"""Griffin-Lim on a backend's device, here the processor: the same sound as the one in numpy."""

import numpy as np
import pytest

from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.vocoders.griffin_lim import GriffinLim
from melgan_vc.vocoders.mel_inversion import mel_to_magnitude
from melgan_vc.vocoders.on_accelerator import griffin_lim_on_accelerator, mel_to_magnitude_on_accelerator
from melgan_vc.vocoders.phase_iterations import griffin_lim

MELS = [MelConfig(rate=8000, n_fft=512, hop_length=128, n_mels=32, fmax=4000.0)]
MELS += [MELS[0].model_copy(update={"n_fft": 600, "hop_length": 150, "zero_padding": 2})]


@pytest.fixture(params=MELS, ids=["whole hops", "padded"])
def config(request):
    return request.param


@pytest.fixture
def mel(config):
    time = np.arange(3 * 8000) / 8000
    wave = 0.2 * np.sin(2 * np.pi * 220 * time + 3 * np.sin(8 * time)) * (1 + np.sin(5 * time))
    return log_mel((wave + 0.01 * np.random.default_rng(0).standard_normal(len(time))).astype(np.float32), config)


def test_the_mel_is_inverted_alike(mel, config):
    there, here = mel_to_magnitude_on_accelerator(mel, config), mel_to_magnitude(mel, config)
    assert there.shape == here.shape
    np.testing.assert_allclose(there, here, rtol=2e-3, atol=1e-5 * here.max())


@pytest.mark.parametrize("ends", [(True, True), (False, True), (True, False)])
def test_iterations_are_the_same(mel, config, ends):
    magnitude = mel_to_magnitude(mel, config)
    how = {"iterations": 4, "starts_file": ends[0], "ends_file": ends[1]}
    there, here = griffin_lim_on_accelerator(magnitude, config, **how), griffin_lim(magnitude, config, **how)
    np.testing.assert_allclose(there, here, rtol=0, atol=1e-3 * np.abs(here).max())


def test_after_many_it_is_as_near_to_the_log_mel(mel, config):
    """Rounding flips a phase now and then, which is not heard: what counts is the spectrum."""

    def error(**options):
        made = GriffinLim(config, iterations=32, **options).invert(mel)
        return float(np.abs(log_mel(made, config)[: len(mel)] - mel).mean())

    assert error(on_accelerator=True) == pytest.approx(error(), rel=0.05)


def test_it_streams(mel, config):
    vocoder = GriffinLim(config, iterations=4, block_frames=128, on_accelerator=True)
    pieces = list(vocoder.stream(mel[start : start + 50] for start in range(0, len(mel), 50)))
    np.testing.assert_allclose(np.concatenate(pieces), vocoder.invert(mel), rtol=0, atol=1e-4)
    assert vocoder.invert(np.zeros((0, 32), np.float32)).shape == (0,)
