"""Prints of one speaker or of two."""

import numpy as np
import pytest

from melgan_vc.features.two_speakers import other_speaker


@pytest.fixture
def clips_of(draw):
    """``clips_of(cosine, 9, 3)``: prints of two speakers whose cosine is that, so many of each, in any order.

    A print lies at a cosine of about 0.9 to the middle of its speaker's.
    """
    first, second = np.linalg.qr(draw.standard_normal((256, 2)))[0].T

    def make(cosine, *numbers):
        centres = first, cosine * first + np.sqrt(1.0 - cosine**2) * second
        who = np.repeat([0, 1], numbers)
        draw.shuffle(who)
        prints = np.stack([centres[each] + 0.03 * draw.standard_normal(256) for each in who])
        return prints / np.linalg.norm(prints, axis=1, keepdims=True), who == 1

    return make


@pytest.mark.parametrize("numbers", [(10, 10), (16, 4), (18, 2), (4, 2)])
@pytest.mark.parametrize("cosine", [0.1, 0.6])
def test_the_smaller_part_is_the_other_speaker(clips_of, numbers, cosine):
    prints, other = clips_of(cosine, *numbers)
    found = other_speaker(prints)
    if numbers[0] == numbers[1]:
        assert np.array_equal(found, other) or np.array_equal(found, ~other)
    else:
        np.testing.assert_array_equal(found, other)


@pytest.mark.parametrize("cosine", [1.0, 0.9])
def test_one_speaker_is_one(clips_of, cosine):
    """Even where a part of the clips was recorded a little otherwise."""
    assert not other_speaker(clips_of(cosine, 12, 8)[0]).any()


def test_one_clip_that_is_unlike_the_rest_is_no_speaker(clips_of):
    assert not other_speaker(clips_of(0.1, 19, 1)[0]).any()


def test_of_five_clips_nothing_is_said(clips_of):
    assert not other_speaker(clips_of(0.1, 3, 2)[0]).any()
