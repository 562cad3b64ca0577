"""docs/add-a-method.md, followed to the letter in a copy of the package."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "add-a-method.md").read_text(encoding="utf-8")
FOLDERS = ["--source", "source", "--target", "target"]
SMALL = ["--set", "method.width=16", "--set", "method.generator.channels=16", "--set", "method.critic.channels=16"]


def steps_of_the_page():
    """``(file, language, text)`` of every block of code, in order: the file is the last one that was named before."""
    file = None
    for path, language, text in re.findall(r"`(melgan_vc/[\w/]+\.py)`[;:,]|```(\w*)\n(.*?)```", PAGE, re.DOTALL):
        file = path or file
        if language:
            yield file, language, text


@pytest.fixture
def changed_copy(tmp_path):
    """The package with the page's method in it."""
    shutil.copytree(REPOSITORY / "melgan_vc", tmp_path / "melgan_vc", ignore=shutil.ignore_patterns("*.h5"))
    for name in ("train_cli.py", "convert_cli.py"):
        shutil.copy(REPOSITORY / name, tmp_path)
    for file, language, text in steps_of_the_page():
        place = tmp_path / file
        if language == "python":
            assert not place.exists()
            place.write_text(text)
            continue
        lines = text.splitlines(keepends=True)
        old, new = ("".join(line[1:] for line in lines if line[0] == sign) for sign in "-+")
        before = place.read_text()
        assert before.count(old) == 1, f"the page and {file} no longer agree: {old}"
        place.write_text(before.replace(old, new))
    return tmp_path


def test_the_page(changed_copy):
    draw = np.random.default_rng(0)
    for domain in ("source", "target"):
        (changed_copy / domain).mkdir()
        soundfile.write(changed_copy / domain / "1.wav", 0.1 * draw.standard_normal(8000), 8000)

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=changed_copy,
            env=os.environ | {"PYTHONPATH": str(changed_copy), "MELGAN_VC_CACHE": str(changed_copy / "cache")},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    printed = run("train_cli.py", "plaingan", *FOLDERS, "--run", "plain", "--preset", "debug", "--steps", "3", *SMALL)
    assert "Training plaingan on " in printed and "Done: 3 steps" in printed
    run("convert_cli.py", "source/1.wav", "--model", "plain", "--output", "out.wav")
    assert soundfile.info(changed_copy / "out.wav").frames == 8000
