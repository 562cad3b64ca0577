"""Multi-resolution STFT distance, by its formula, and against the loss that vocoders are trained on."""

import numpy as np
import pytest

from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.evaluate.metrics.stft_distance import WINDOWS, StftDistance


def distance(source, made, rate=16000):
    return StftDistance().measure(Clip("clip", source, made, rate))["stft_distance"]


def test_half_as_loud_is_a_half_and_the_logarithm_of_two(draw):
    noise = draw.standard_normal(16000)
    assert distance(noise, 0.5 * noise) == pytest.approx(0.5 + np.log(2.0), abs=1e-3)
    assert distance(noise, noise) == 0.0


def test_more_noise_is_worse(held_out_male, draw):
    noise = draw.standard_normal(len(held_out_male))
    little, much = (distance(held_out_male, held_out_male + loud * noise) for loud in (0.003, 0.03))
    assert 0.1 < little < 0.7 * much


def test_it_is_what_the_loss_of_training_says(draw):
    from melgan_vc.losses.spectral import multi_resolution_stft

    # All of it is above the floor, about which the two differ a little.
    source, noise = draw.standard_normal((2, 16000)).astype(np.float32)
    made = source + np.float32(0.3) * noise
    loss = float(multi_resolution_stft(source[None], made[None], resolutions=WINDOWS))
    assert distance(source, made) == pytest.approx(loss, rel=1e-3)


def test_nothing_is_known_of_a_clip_shorter_than_a_window_or_of_silence(draw):
    noise = draw.standard_normal(16000)
    assert np.isnan(distance(noise[:2000], noise[:2000]))
    assert np.isnan(distance(np.zeros(16000), noise))
    assert np.isnan(distance(noise, np.full(16000, np.inf)))
    assert distance(noise, np.zeros(16000)) > 2.0, "silence made of a sound is bad, not unknown"
