"""Weights are found without importing the package, and are the ones that figures come from."""

import importlib.machinery
import importlib.util
import sys

import pytest

from melgan_vc.features.packages import MissingEvaluator
from melgan_vc.features.resemblyzer.weights import embedder_weights


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """``installed(data)``: as if the package were there with this file of weights, or not at all."""

    def install(data):
        spec = None
        if data is not None:
            (tmp_path / "pretrained.pt").write_bytes(data)
            spec = importlib.machinery.ModuleSpec("resemblyzer", None, origin=str(tmp_path / "__init__.py"))
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)

    return install


def test_without_the_package_the_line_that_installs_it_is_named(installed):
    installed(None)
    with pytest.raises(MissingEvaluator, match=r"not installed\. Install .*: pip install --no-deps Resemblyzer=="):
        embedder_weights()


def test_another_file_is_refused_before_it_is_read(installed):
    installed(b"cos\nsystem\n.")
    with pytest.raises(MissingEvaluator, match=r"the SHA-256 39373b86598f\.\.\., received: .*pretrained\.pt, with"):
        embedder_weights()


def test_the_package_is_not_imported():
    if importlib.util.find_spec("resemblyzer") is None:
        pytest.skip("Resemblyzer is not installed")
    weights = embedder_weights()
    assert weights["lstm.weight_ih_l0"].shape == (1024, 40) and weights["linear.bias"].shape == (256,)
    assert not {"resemblyzer", "webrtcvad"} & set(sys.modules)
