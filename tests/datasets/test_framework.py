"""Without the framework a recipe ends with the sentence that mends it."""

import re
import runpy
import sys
from pathlib import Path

import pytest

RECIPES = Path(__file__).parents[2] / "datasets"


def test_a_python_without_melgan_vc_is_told_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "melgan_vc.errors", None)
    with pytest.raises(SystemExit, match=r"need melgan_vc.*\n  pip install -e \."):
        runpy.run_path(str(RECIPES / "framework.py"))


def test_every_recipe_takes_the_errors_from_there():
    assert not [
        path.name
        for path in RECIPES.glob("*.py")
        if path.name != "framework.py"
        and re.search("^from melgan_vc", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
