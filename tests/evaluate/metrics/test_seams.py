"""Noise has no seam; clicks and steps at the borders are one."""

import numpy as np
import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.evaluate.metrics.seams import Seams

CONFIG = MelConfig()
CHUNK = 32
BORDERS = np.arange(CHUNK, 10 * CHUNK, CHUNK) * CONFIG.hop_length


@pytest.fixture
def noise(draw) -> np.ndarray:
    """A little more than ten chunks."""
    return (0.005 * draw.standard_normal(10 * CHUNK * CONFIG.hop_length + 1000)).astype(np.float32)


@pytest.fixture
def score():
    metric = Seams(CONFIG, chunk_frames=CHUNK)

    def measure(source: np.ndarray, converted: np.ndarray, rate: int = CONFIG.rate) -> tuple[float, float]:
        found = metric.measure(Clip("clip", source, converted, rate))
        return found["seam_score"], found["seam_over_source"]

    return measure


def test_noise_is_seamless(noise, score):
    assert score(noise, noise) == (pytest.approx(1.0, abs=0.05), 1.0)


def test_clicks_at_the_borders_are_heard(noise, score):
    clicked = noise.copy()
    clicked[BORDERS] += 200.0 * noise.std()

    assert min(score(noise, clicked)) > 3.0


def test_clicks_elsewhere_are_not(noise, score):
    clicked = noise.copy()
    clicked[BORDERS - CHUNK * CONFIG.hop_length // 2] += 200.0 * noise.std()

    assert score(noise, clicked)[0] < 0.8


def test_a_step_of_level_at_each_border_is_heard(noise, score):
    chunk = np.arange(len(noise)) // (CHUNK * CONFIG.hop_length)

    stepped = np.where(chunk % 2, noise, noise / 10.0)

    assert score(noise, stepped)[0] > 2.0


def test_what_the_source_has_at_a_border_is_no_seam(noise, score):
    clicked = noise.copy()
    clicked[BORDERS] += 200.0 * noise.std()

    assert score(clicked, clicked)[1] == 1.0


def test_borders_are_found_at_another_rate(noise, score):
    import soxr

    clicked = noise.copy()
    clicked[BORDERS] += 200.0 * noise.std()
    expected, _ = score(noise, clicked)

    noise_44, clicked_44 = (soxr.resample(wave, CONFIG.rate, 44100) for wave in (noise, clicked))

    assert score(noise_44, clicked_44, 44100)[0] == pytest.approx(expected, rel=0.05)


def test_a_clip_of_one_chunk_has_no_border(noise, score):
    short = noise[: (CHUNK - 1) * CONFIG.hop_length]

    assert np.isnan(score(short, short)).all()


def test_chunks_within_one_window_are_refused():
    with pytest.raises(MelganVcError, match="more than 5 frames, received: chunk_frames=4"):
        Seams(CONFIG, chunk_frames=4)
