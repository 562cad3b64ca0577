"""Pitch of synthetic voices whose melody we chose."""

import numpy as np
import pytest

from melgan_vc.features.pitch_track import median_hz, track_pitch

pytest.importorskip("librosa")


@pytest.mark.parametrize("rate", [16000, 44100])
def test_the_tracked_pitch_is_the_one_sung(sing, rate):
    assert median_hz(track_pitch(sing(np.full(rate, 123.0), rate), rate)) == pytest.approx(123.0, rel=0.01)


def test_silence_has_no_frames_and_no_median():
    track = track_pitch(np.zeros(16000, np.float32), 16000)
    assert track.shape == (0,) and np.isnan(median_hz(track))
