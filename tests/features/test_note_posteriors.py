"""The notes that are heard are those that were played."""

import numpy as np

from melgan_vc.features.note_posteriors import HOP_LENGTH, RATE, NotePosteriors, _windows

MELODY = (60, 67, 64, 72, 65, 62, 71, 60)


def test_the_posteriorgram_holds_the_notes_that_are_played(play_keys):
    notes = NotePosteriors()(play_keys(MELODY, partials=3), RATE)

    middles = ((np.arange(len(MELODY)) + 0.5) * 0.5 * RATE / HOP_LENGTH).astype(int)
    assert notes.shape == (1 + len(MELODY) * (RATE // 2) // HOP_LENGTH, 88)
    assert tuple(notes[middles].argmax(axis=1) + 21) == MELODY  # key 0 is A0, MIDI 21


def test_windows_tile_the_clip_without_drift():
    wave = np.arange(100000, dtype=np.float32)

    windows = _windows(wave)

    kept = windows[:, 15 * HOP_LENGTH : 157 * HOP_LENGTH].reshape(-1)
    np.testing.assert_array_equal(kept[: len(wave)], wave)
