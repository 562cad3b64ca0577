"""Folders and files with names that nobody expects: every command shows them, and none is steered by them."""

import io
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from melgan_vc.cli.common import plain_errors, say
from melgan_vc.evaluate.reports.folder import write_report

HOSTILE = [
    "[live]",
    "[/red",
    "[/] x",
    "a\x1b[31mb",
    "a\nb\rc\x07",
    os.fsdecode(b"caf\xe9"),
    ":bomb: $x_{",
    "-" + "x" * 60,
]
SHOWN = ["[live]", "[/red", "[/] x", r"a\x1b[31mb", r"a\nb\rc\x07", r"caf\udce9", ":bomb: $x_{", "-" + "x" * 60]


@pytest.fixture
def hostile(record, tmp_path, monkeypatch):
    """Folders of those names (a slash parts two), each with a sound, and a file that is no sound, of that name."""
    monkeypatch.chdir(tmp_path)
    sound = record("sound.wav", seconds=1.0).read_bytes()
    for name in HOSTILE:
        place = Path("data", name)
        place.mkdir(parents=True)
        (place / f"{place.name}.wav").write_bytes(sound)
        (place / f"{place.name}.txt").touch()
    return [f"data/{name}" for name in HOSTILE]


def nothing_steers(text: str) -> None:
    assert not [letter for letter in text if not (letter.isprintable() or letter == "\n")]


def test_inspecting(command, hostile):
    for folder, shown in zip(hostile, SHOWN, strict=True):
        result = command("melgan-vc", "inspect", folder)
        assert result.exit_code == 0, result.output
        nothing_steers(result.stdout + result.stderr)
        assert f"data/{shown}" in result.stdout, "in the table's heading"
        assert f"Skipped {shown.rpartition('/')[2]}.txt: not audio" in result.stdout


def test_converting(command, hostile, identity_run, tmp_path):
    chosen = [0, 4, 5, 6]
    for number in set(range(len(hostile))) - set(chosen):
        shutil.rmtree(hostile[number])
    result = command("convert", "data", "--model", identity_run, "--picture")
    assert result.exit_code == 0, result.output
    nothing_steers(result.stdout + result.stderr)
    for shown in (SHOWN[number] for number in chosen):
        name = f"{shown}/{shown}.wav"
        assert f"data/{name} -> data-converted/{name}\n" in result.stdout
    assert len(list(tmp_path.glob("data-converted/**/*.png"))) == len(chosen)


def test_errors(refused, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, shown in zip(HOSTILE, SHOWN, strict=True):
        assert f"runs/{shown} (it does not exist" in refused("convert", "x.wav", "--model", f"runs/{name}")
        assert f"runs/{shown} (it does not exist" in refused("melgan-vc", "inspect", f"runs/{name}")


def test_a_locale_that_lacks_the_letters_of_a_name(monkeypatch):
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr(sys, "stdout", terminal)
    plain_errors(lambda: say("naïve 你好.wav"))()
    assert terminal.buffer.getvalue() == rb"na\xefve \u4f60\u597d.wav".replace(rb"\xef", b"\xef") + b"\n"


def test_reports_with_a_name_that_is_not_utf8(tmp_path):
    values = {"clips": [os.fsdecode(b"caf\xe9"), "naïve"]}
    write_report(tmp_path, {"report.json": json.dumps(values, ensure_ascii=False)})
    text = (tmp_path / "report.json").read_text(encoding="utf-8")
    assert json.loads(text) == values and "naïve" in text
