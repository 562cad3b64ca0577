"""Every metric of speech says NaN where there is nothing to judge."""

import numpy as np
import pytest

from melgan_vc.evaluate.metrics.mel_cepstral_distortion import MelCepstralDistortion
from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.evaluate.metrics.naturalness import Naturalness
from melgan_vc.evaluate.metrics.phoneme_error import PhonemeError
from melgan_vc.evaluate.metrics.pitch import Pitch
from melgan_vc.evaluate.metrics.resemblyzer_similarity import ResemblyzerSimilarity
from melgan_vc.evaluate.metrics.speaker_similarity import SpeakerSimilarity
from melgan_vc.features.packages import MissingEvaluator

BAD_CLIPS = {
    "empty": np.zeros(0, np.float32),
    "one sample": np.ones(1, np.float32),
    "too short": np.sin(np.arange(7000, dtype=np.float32)),
    "silent": np.zeros(32000, np.float32),
    "not finite": np.full(32000, np.nan, np.float32),
}


METRICS = [SpeakerSimilarity, ResemblyzerSimilarity, PhonemeError, Naturalness, Pitch, MelCepstralDistortion]


@pytest.fixture(scope="module", params=METRICS)
def metric(request, female_voice, male_voice):
    try:
        made = request.param()
    except MissingEvaluator as missing:
        pytest.skip(str(missing))
    made.prepare([female_voice], [male_voice], 16000)
    return made


@pytest.mark.parametrize("bad", BAD_CLIPS)
def test_nothing_to_judge_is_nan(metric, bad, female_voice):
    wave = BAD_CLIPS[bad]
    figures = metric.measure(Clip(bad, wave, wave, 16000, parallel=female_voice))
    assert figures.keys() == {column.name for column in metric.columns}
    assert np.isnan(list(figures.values())).all()


def test_a_good_clip_has_every_figure(metric, female_voice):
    wave = female_voice[:32000]
    figures = metric.measure(Clip("good", wave, wave, 16000, parallel=wave))
    assert figures.keys() == {column.name for column in metric.columns}
    assert np.isfinite(list(figures.values())).all()
