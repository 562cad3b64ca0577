"""``train_cli.py travelgan --match-voices``: the source's pitch is brought to the target's."""

import json
import shutil
from pathlib import Path

import pytest

from melgan_vc.methods.presets import preset
from melgan_vc.runs.run_files import RunFiles

DEMO = Path(__file__).parents[2] / "datasets" / "demo"


@pytest.fixture
def voices(tmp_path):
    """Folders of three clips each of the demo's two speakers."""
    for speaker in ("female_ru", "male_ru"):
        (tmp_path / speaker).mkdir()
        for clip in sorted((DEMO / speaker).iterdir(), key=lambda path: -path.stat().st_size)[:3]:
            shutil.copy(clip, tmp_path / speaker)
    return tmp_path


def test_a_woman_is_shifted_down_to_a_man_unless_told_otherwise(command, voices, monkeypatch):
    monkeypatch.setenv("MELGAN_VC_CACHE", str(voices / "cache"))
    result = command(
        "train", "travelgan", "--source", voices / "female_ru", "--target", voices / "male_ru", "--run",
        voices / "run", "--preset", "debug", "--steps", "1", "--match-voices", "--set", "method.formants=0.9",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    method = json.loads((voices / "run" / "config.json").read_text())["method"]
    assert 0.5 < method["pitch"] < 0.85
    assert method["formants"] == 0.9
    assert f"method.pitch={method['pitch']:.3f}" in result.output


def test_it_cannot_be_asked_of_a_run_that_goes_on(refused, voices):
    RunFiles(voices / "run").save_config(preset("debug"))
    error = refused("train", "travelgan", "--run", voices / "run", "--resume", "--match-voices")
    assert "received: --match-voices (it began without)" in error
