"""Clicks whose times are known."""

import numpy as np
import pytest

pytest.importorskip("librosa")

from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.evaluate.metrics.onsets import Onsets, count_matches

RATE = 22050
TIMES = np.array([0.5, 1.1, 1.6, 2.4, 2.9, 3.5])


def clicks(times) -> np.ndarray:
    """A burst of a decaying tone at each time, in four seconds."""
    wave = np.zeros(4 * RATE, np.float32)
    burst = np.exp(-np.arange(2000) / 300.0) * np.sin(2 * np.pi * 1000.0 * np.arange(2000) / RATE)
    for time in times:
        wave[int(time * RATE) :][:2000] += 0.5 * burst.astype(np.float32)
    return wave


@pytest.mark.parametrize(
    ("converted", "expected"),
    [
        (TIMES, 1.0),
        (TIMES + 0.03, 1.0),
        (TIMES + 0.15, 0.0),
        (np.concatenate([TIMES[:3], TIMES[3:] + 0.15]), 0.5),
        (TIMES[:2], 2 * 2 / (6 + 2)),
    ],
    ids=["same", "30 ms late", "150 ms late", "half of them late", "a third of them"],
)
def test_f_measure_of_known_onsets(converted, expected):
    found = Onsets().measure(Clip("clicks", clicks(TIMES), clicks(converted), RATE))

    assert found["onset_f1"] == pytest.approx(expected)


def test_no_onset_is_matched_twice():
    assert count_matches(np.array([1.0]), np.array([0.97, 1.0, 1.03]), 0.05) == 1
    # The nearest pairing would take 1.04 with 1.03 and leave the other two alone.
    assert count_matches(np.array([1.0, 1.04]), np.array([1.03, 1.08]), 0.05) == 2
