"""DNSMOS on studio speech, and on the same speech spoilt by noise."""

import numpy as np
import pytest

from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.evaluate.metrics.naturalness import Naturalness

pytest.importorskip("speechmos")


@pytest.fixture(scope="module")
def naturalness():
    return Naturalness()


def score(metric, wave):
    return metric.measure(Clip("clip", wave, wave, 16000))["dnsmos"]


@pytest.fixture(scope="module")
def clean_score(naturalness, held_out_female):
    return score(naturalness, held_out_female)


def test_noise_costs_more_than_half_a_point(naturalness, clean_score, held_out_female, draw):
    level = np.sqrt(np.mean(held_out_female**2) / 10)
    noisy = held_out_female + level * draw.standard_normal(len(held_out_female)).astype(np.float32)
    assert 2.5 < clean_score < 4
    assert score(naturalness, noisy) < clean_score - 0.5


def test_level_does_not_count_even_beyond_full_scale(naturalness, clean_score, held_out_female):
    assert score(naturalness, 20.0 * held_out_female) == pytest.approx(clean_score, abs=0.01)
