"""What shifts one voice to another on average."""

import numpy as np
import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.features.voice_measure import measure_shift

pytest.importorskip("librosa")


@pytest.fixture
def high(sing):
    return sing(np.full(16000, 200.0))


def test_the_measured_shift_is_the_ratio_of_pitches_and_its_square_root(high, sing):
    pitch, formant = measure_shift([high], [sing(np.full(16000, 100.0)), np.zeros(16000)], 16000)
    assert pitch == pytest.approx(0.5, rel=0.02)
    assert formant == pytest.approx(0.5**0.5, rel=0.01)


def test_a_speaker_without_voice_is_refused(high):
    with pytest.raises(MelganVcError, match="voiced speech of the target speaker, received: 1 clips"):
        measure_shift([high], [np.zeros(16000, np.float32)], 16000)
