"""The comparison of devices, with tiny networks: every figure is there and can be true."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "gpu.py"


def run(place: Path, backend: str, *options: str) -> tuple[dict, str]:
    """The figures of the script, and what it printed."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--quick", "--device", "cpu", "--json", str(place), *options],
        env=os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": str(SCRIPT.parents[1])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(place.read_text()), done.stdout


def check(figures: dict, contenders: set[str], methods: set[str]) -> None:
    assert set(figures["training"]) == contenders
    for row in figures["training"].values():
        assert all(value > 0 for value in row.values())
        assert row["share_of_matmul"] <= 1
        seconds = row["audio_seconds_per_second"] / row["steps_per_second"]
        assert seconds == pytest.approx(2.048) or seconds == pytest.approx(1.024), "windows of the preset debug"
    assert set(figures["conversion"]) == methods | {"griffin_lim", "vocoder"}
    assert all(row["real_time_factor"] > 0 for row in figures["conversion"].values())


def test_a_method_and_the_vocoder_on_tensorflow(tmp_path):
    contenders = {"travelgan", "vocoder"}
    result, printed = run(tmp_path / "figures.json", "tensorflow", "--only", *sorted(contenders))
    assert result["gpu"] is None and result["gpu_against_cpu"] is None
    assert result["cpu"]["backend"] == "tensorflow" and result["cpu"]["precision"] == "float32"
    check(result["cpu"], contenders, contenders - {"vocoder"})
    assert "No GPU was asked for." in printed and "vocoder in PyTorch" in printed
    assert all(name in printed for name in contenders)


def test_the_vocoder_on_jax(tmp_path):
    pytest.importorskip("jax")
    result, printed = run(tmp_path / "figures.json", "jax", "--only", "vocoder", "--mixed")
    assert result["cpu"]["backend"] == "jax" and result["cpu"]["precision"] == "bfloat16"
    check(result["cpu"], {"vocoder"}, set())
