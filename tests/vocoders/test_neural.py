"""A trained vocoder streams: the same samples however its log-mel is cut, in memory that does not grow."""

import keras
import numpy as np
import pytest

from melgan_vc.audio.mel import log_mel
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_network
from melgan_vc.vocoders.base import Vocoder
from melgan_vc.vocoders.griffin_lim import GriffinLim
from melgan_vc.vocoders.neural import INPUT_FRAMES, NeuralVocoder

KINDS = {
    "with a start": [],
    "mel alone": ["method.start_iterations=none"],
    "causal": ["method.start_iterations=none", "method.causal=true"],
    "upsampling": ["method.generator.architecture=upsampling", "method.generator.channels=32"],
}


def make(settings, *, random=True):
    config = preset("debug", "vocoder").with_overrides(settings)
    generator, draw = build_network(config), np.random.default_rng(1)
    if random:
        for variable in generator.trainable_variables:
            variable.assign(variable + 0.05 * draw.standard_normal(variable.shape))
    return NeuralVocoder(config.mel, generator, start_iterations=config.method.start)


@pytest.fixture(scope="module", params=KINDS)
def vocoder(request):
    return make(KINDS[request.param])


@pytest.fixture(scope="module")
def mel():
    """The log-mel of 14 s: three blocks, the last of them not whole."""
    time = np.arange(14 * 8000 + 50) / 8000
    wave = 0.2 * np.sin(2 * np.pi * 220 * time) * (1 + np.sin(5 * time))
    noise = 0.02 * np.random.default_rng(0).standard_normal(len(time))
    return log_mel((wave + noise).astype(np.float32), preset("debug", "vocoder").mel)


@pytest.mark.parametrize("frames", [1, 77, INPUT_FRAMES, 700])
def test_any_cut_gives_the_samples_of_the_whole(vocoder, mel, frames):
    mel = mel if frames > 1 else mel[:300]
    whole = vocoder.invert(mel)
    pieces = list(vocoder.stream(mel[start : start + frames] for start in range(0, len(mel), frames)))
    assert len(whole) == len(mel) * 128
    np.testing.assert_allclose(np.concatenate(pieces), whole, rtol=0, atol=1e-4)
    assert np.abs(whole).max() > 1e-3


def test_a_block_hears_all_that_it_depends_on(vocoder, mel):
    """What the network makes of the whole file in one go is what it makes block by block."""
    hop, n_fft = 128, 512
    before, after, _ = vocoder.reach
    padded = np.full((len(mel) + before + after, 32), -1.0, np.float32)
    padded[before : before + len(mel)] = mel
    start = np.zeros((len(padded) - 1) * hop + n_fft, np.float32)
    inputs = padded[None]
    if vocoder._start is not None:
        sound = GriffinLim.on_best_device(vocoder.config, iterations=vocoder._start.iterations).invert(mel)
        low = before * hop + n_fft // 2
        start[low : low + len(sound)] = sound[: len(start) - low]
        inputs = [padded[None], start[None]]
    made = keras.ops.convert_to_numpy(vocoder.generator(inputs))[0]
    at_once = made[before * hop : (before + len(mel)) * hop]
    np.testing.assert_allclose(vocoder.invert(mel), at_once, rtol=0, atol=1e-4)


def test_it_yields_before_it_has_seen_the_end(vocoder, mel):
    """An endless stream: memory cannot grow with its length."""
    seen = 0

    def endless():
        nonlocal seen
        while True:
            seen += 1
            yield mel[:512]

    stream = vocoder.stream(endless())
    total = 0
    while total < 40 * 512 * 128:
        total += len(next(stream))
    assert seen < 40 + 12


def test_nothing_gives_nothing(vocoder):
    assert vocoder.invert(np.zeros((0, 32), np.float32)).shape == (0,)


def test_untrained_it_is_a_few_iterations_of_griffin_lim(mel):
    vocoder = make([], random=False)
    few = GriffinLim.on_best_device(vocoder.config, iterations=2).invert(mel)
    np.testing.assert_allclose(vocoder.invert(mel)[1000:-1000], few[1000:-1000], rtol=0, atol=1e-4)


def test_the_causal_one_knows_its_latency_and_keeps_it(mel):
    vocoder = make(KINDS["causal"])
    assert vocoder.latency == pytest.approx((2 * 128 + 256) / 8000)  # 64 ms at this rate, 1024 samples at n_fft=1024
    changed = mel.copy()
    changed[400:] = 0.0
    # Sample s must not depend on sound later than s + latency: on no frame whose window reaches beyond it.
    first_changed_sample = 400 * 128 - 256
    untouched = first_changed_sample - round((vocoder.latency - 256 / 8000) * 8000) + 256 - 128
    made, other = vocoder.invert(mel), vocoder.invert(changed)
    np.testing.assert_array_equal(made[:untouched], other[:untouched])
    assert make(KINDS["mel alone"]).latency > 2 * vocoder.latency
    assert make([]).latency is None


@pytest.mark.parametrize("wrong", [np.zeros((4, 31), np.float32), np.full((4, 32), np.nan, np.float32)])
def test_what_is_no_log_mel_is_refused(vocoder, wrong):
    with pytest.raises(ValueError, match="Expected"):
        vocoder.invert(wrong)


def test_it_is_a_vocoder_like_griffin_lim(vocoder):
    assert isinstance(vocoder, Vocoder)


def test_other_weights_are_heard(mel):
    vocoder, other = make([]), make([], random=False)
    before = vocoder.invert(mel[:100])
    vocoder.set_weights(other.generator.get_weights())
    np.testing.assert_allclose(vocoder.invert(mel[:100]), other.invert(mel[:100]), rtol=0, atol=1e-6)
    assert np.abs(before - other.invert(mel[:100])).max() > 1e-3
