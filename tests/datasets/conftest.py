"""The recipes are scripts, not a package: their folder goes on the import path, as it is when a recipe runs."""

import sys
from pathlib import Path

TESTS = Path(__file__).parent

sys.path[:0] = [str(TESTS.parents[1] / "datasets"), str(TESTS)]
