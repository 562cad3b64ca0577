"""Chords keep their chroma whoever plays them, and other chords have another."""

import numpy as np
import pytest

pytest.importorskip("librosa")

from melgan_vc.evaluate.metrics.chroma import Chroma, mean_cosine
from melgan_vc.evaluate.metrics.metric import Clip

RATE = 22050
TONIC, SUBDOMINANT, DOMINANT = (60, 64, 67), (65, 69, 72), (67, 71, 74)
AWAY = [tuple(key + 6 for key in chord) for chord in (TONIC, SUBDOMINANT, DOMINANT)]


def play(chords, *, partials: int, octave: int = 0, rate: int = RATE) -> np.ndarray:
    """Two seconds of each chord (MIDI keys)."""
    time = np.arange(2 * rate) / rate
    parts = []
    for chord in chords:
        pitches = [440.0 * 2.0 ** ((key - 69) / 12 + octave) for key in chord]
        parts.append(sum(np.sin(2 * np.pi * f * n * time) / n for f in pitches for n in range(1, partials + 1)))
    return (0.05 * np.concatenate(parts)).astype(np.float32)


@pytest.fixture(scope="module")
def metric() -> Chroma:
    metric = Chroma()
    metric.prepare([], [play(AWAY, partials=3), play(AWAY[::-1], partials=1)], RATE)
    return metric


def test_the_same_chords_on_another_instrument_keep_their_chroma(metric):
    chords = [TONIC, SUBDOMINANT, DOMINANT]
    source, converted = play(chords, partials=1), play(chords, partials=4, octave=1)

    found = metric.measure(Clip("same", source, converted, RATE))

    assert found["chroma_cosine"] > 0.85
    assert found["chroma_margin"] > 0.5


def test_other_chords_do_not(metric):
    source, converted = play([TONIC, SUBDOMINANT, DOMINANT], partials=3), play(AWAY, partials=3)

    found = metric.measure(Clip("other", source, converted, RATE))

    assert found["chroma_cosine"] < 0.4
    assert found["chroma_margin"] < 0.0  # it is nearer to pieces of the target


def test_margin_is_the_cosine_above_the_median_piece():
    pieces = [play([chord, chord], partials=3) for chord in (TONIC, AWAY[0], AWAY[0])]
    metric = Chroma()
    metric.prepare([], pieces, RATE)
    source = play([TONIC, TONIC], partials=3)

    found = metric.measure(Clip("same", source, source, RATE))

    away = metric.measure(Clip("away", source, pieces[1], RATE))["chroma_cosine"]
    assert found["chroma_cosine"] == pytest.approx(1.0, abs=1e-5)
    assert found["chroma_margin"] == pytest.approx(1.0 - away, abs=1e-5)


def test_silent_frames_do_not_count():
    sound, silence = np.eye(12)[[0, 1]], np.zeros((2, 12))

    assert mean_cosine(np.concatenate([sound, silence]), np.concatenate([sound, sound, sound])) == 1.0
    assert np.isnan(mean_cosine(silence, sound))
