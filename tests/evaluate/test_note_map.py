"""The note map follows the notes, not the sound."""

import importlib.util

import numpy as np
import pytest

pytest.importorskip("basic_pitch" if importlib.util.find_spec("basic_pitch") is None else "onnxruntime")

from melgan_vc.evaluate.metric import Clip, MissingEvaluator
from melgan_vc.evaluate.note_map import HOP_LENGTH, RATE, NoteMap, _windows

MELODY = (60, 67, 64, 72, 65, 62, 71, 60)
OTHER = (49, 54, 58, 51, 56, 61, 49, 54)


def play(keys, *, partials: int) -> np.ndarray:
    """Half a second of each MIDI key, dying away."""
    time = np.arange(RATE // 2) / RATE
    notes = [
        sum(np.sin(2 * np.pi * 440.0 * 2.0 ** ((key - 69) / 12) * n * time) / n for n in range(1, partials + 1))
        for key in keys
    ]
    return (0.2 * np.concatenate([note * np.exp(-3.0 * time) for note in notes])).astype(np.float32)


@pytest.fixture(scope="module")
def metric() -> NoteMap:
    return NoteMap()


def test_the_posteriorgram_holds_the_notes_that_are_played(metric):
    notes = metric._notes(play(MELODY, partials=3), RATE)

    middles = ((np.arange(len(MELODY)) + 0.5) * 0.5 * RATE / HOP_LENGTH).astype(int)
    assert notes.shape == (1 + len(MELODY) * (RATE // 2) // HOP_LENGTH, 88)
    assert tuple(notes[middles].argmax(axis=1) + 21) == MELODY  # key 0 is A0, MIDI 21


def test_one_melody_on_two_instruments_against_two_melodies(metric):
    source = play(MELODY, partials=3)

    same = metric.measure(Clip("same", source, play(MELODY, partials=6), RATE))["note_cosine"]
    other = metric.measure(Clip("other", source, play(OTHER, partials=3), RATE))["note_cosine"]

    assert same > 0.9
    assert other < 0.1


def test_windows_tile_the_clip_without_drift():
    wave = np.arange(100000, dtype=np.float32)

    windows = _windows(wave)

    kept = windows[:, 15 * HOP_LENGTH : 157 * HOP_LENGTH, 0].reshape(-1)
    np.testing.assert_array_equal(kept[: len(wave)], wave)


def test_a_missing_package_is_named_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(MissingEvaluator, match="pip install --no-deps basic-pitch==0.4.0"):
        NoteMap()
