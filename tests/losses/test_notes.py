"""Notes that are the same cost nothing, whatever is silent; notes that are others cost all."""

import numpy as np
import pytest

from melgan_vc.losses.notes import note_consistency, note_error


def played(*keys, sure=1.0):
    notes = np.zeros((1, 3, 176), np.float32)
    notes[..., list(keys)] = sure
    return notes


@pytest.mark.parametrize(
    ("one", "other", "away"),
    [
        (played(40, 44), played(40, 44), 0.0),
        (played(40), played(41), 1.0),
        (played(40, 44), played(40), 1 / 3),
        (played(40), played(40, sure=0.5), 0.5 / 1.5),
        (played(), played(), 0.0),
    ],
    ids=["same", "other", "one of two", "half as sure", "silence"],
)
def test_consistency_is_the_share_that_is_not_common(one, other, away):
    assert float(note_consistency(one, other)) == pytest.approx(away, abs=1e-3)
    assert float(note_consistency(other, one)) == pytest.approx(away, abs=1e-3)


def test_an_error_is_least_where_what_is_heard_is_wanted():
    wanted = played(40, sure=0.7)
    errors = {sure: float(note_error(wanted, played(40, sure=sure))) for sure in (0.1, 0.6, 0.7, 0.8, 0.99)}
    assert min(errors, key=errors.get) == 0.7
    assert errors[0.7] == pytest.approx(-(0.7 * np.log(0.7) + 0.3 * np.log(0.3)) / 176, rel=1e-3)
    assert float(note_error(played(40), played(40))) == pytest.approx(0.0, abs=1e-5)
