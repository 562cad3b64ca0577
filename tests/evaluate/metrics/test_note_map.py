"""The note map follows the notes, not the sound."""

from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.evaluate.metrics.note_map import NoteMap

MELODY = (60, 67, 64, 72, 65, 62, 71, 60)
OTHER = (49, 54, 58, 51, 56, 61, 49, 54)


def test_one_melody_on_two_instruments_against_two_melodies(play_keys):
    metric, source = NoteMap(), play_keys(MELODY, partials=3)

    same = metric.measure(Clip("same", source, play_keys(MELODY, partials=6), 22050))["note_cosine"]
    other = metric.measure(Clip("other", source, play_keys(OTHER, partials=3), 22050))["note_cosine"]

    assert same > 0.9
    assert other < 0.1
