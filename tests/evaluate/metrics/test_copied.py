"""The input itself is 1, another clip of the target 0."""

import numpy as np
import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.evaluate.metrics.copied import Copied
from melgan_vc.evaluate.metrics.metric import Clip

RATE = 16000


@pytest.fixture
def bursts():
    """Five seconds of tones and pauses, all drawn anew for each seed."""

    def make(seed: int) -> np.ndarray:
        draw = np.random.default_rng(seed)
        time = np.arange(RATE // 4) / RATE
        tones = [
            np.sin(2 * np.pi * f * time) * loud
            for f, loud in zip(*draw.uniform([[200], [0]], [[6000], [1]], (2, 20)), strict=True)
        ]
        return (0.2 * np.concatenate(tones) + 1e-3 * draw.standard_normal(5 * RATE)).astype(np.float32)

    return make


@pytest.fixture
def metric(bursts) -> Copied:
    metric = Copied(MelConfig())
    metric.prepare([], [bursts(seed) for seed in range(10, 16)], RATE)
    return metric


def ratio(metric: Copied, source: np.ndarray, converted: np.ndarray, rate: int = RATE) -> float:
    return metric.measure(Clip("clip", source, converted, rate))["identity_ratio"]


def test_the_input_is_copied(metric, bursts):
    source = bursts(0)

    assert ratio(metric, source, source) == 1.0
    assert ratio(metric, source, source / 4.0) == pytest.approx(1.0, abs=0.01)


def test_another_clip_is_not(metric, bursts):
    found = [ratio(metric, bursts(seed), bursts(seed + 100)) for seed in range(4)]

    assert np.mean(found) == pytest.approx(0.0, abs=0.1)


def test_half_of_each_is_half_copied(metric, bursts):
    source = bursts(0)
    half = np.concatenate([source[: len(source) // 2], bursts(1)[len(source) // 2 :]])

    assert ratio(metric, source, half) == pytest.approx(0.5, abs=0.15)


def test_what_is_further_than_any_other_clip_is_below_zero(metric, bursts, draw):
    loud_noise = draw.uniform(-1.0, 1.0, 5 * RATE).astype(np.float32)

    assert ratio(metric, bursts(0), loud_noise) < -0.1


def test_without_the_target_there_is_no_figure(bursts):
    assert np.isnan(ratio(Copied(MelConfig()), bursts(0), bursts(0)))
