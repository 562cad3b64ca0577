"""A missing package is said in a sentence that ends with the line that mends it."""

import pytest

from melgan_vc.features.packages import MissingEvaluator, import_evaluator


def test_a_missing_package_is_named_with_the_line_that_installs_it():
    with pytest.raises(MissingEvaluator, match="Expected nowhere for a test, .* not installed. .*pip install none$"):
        import_evaluator("nowhere.inside", purpose="a test", install="none")


def test_a_package_without_a_module_of_its_own_needs_is_told_apart(tmp_path, monkeypatch):
    (tmp_path / "half_installed.py").write_text("import module_that_is_nowhere\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(MissingEvaluator, match="its module module_that_is_nowhere is not installed"):
        import_evaluator("half_installed", purpose="a test", install="half-installed")
