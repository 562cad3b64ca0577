"""``melgan-vc models`` and a shipped model's name as ``--model``."""

import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from melgan_vc.export.strip import export
from melgan_vc.pretrained import catalogue

REPOSITORY = Path(__file__).parents[2]
TASK = "Everything to [exactly] the same"


@pytest.fixture
def shipped(identity_run, tmp_path, monkeypatch):
    """An installation with one model, ``echo_a2a``; without it, with none."""
    root = tmp_path / "shipped"
    root.mkdir()
    monkeypatch.setattr(catalogue, "shipped_folder", lambda: root)
    return lambda: export(identity_run, root / "echo_a2a", task=TASK)


def test_the_table(command, shipped, monkeypatch):
    shipped()
    monkeypatch.setenv("COLUMNS", "120")
    result = command("melgan-vc", "models")
    assert result.exit_code == 0
    (row,) = [line for line in result.stdout.splitlines() if "echo_a2a" in line]
    cells = [cell.strip() for cell in row.strip("│ ").split("│")]
    assert cells == ["echo_a2a", TASK, "8000 Hz", "travelgan", "0.1 MB"]
    assert "melgan-vc convert INPUT --model NAME" in result.stdout


def test_what_a_model_of_many_voices_converts_to(command, shipped, voices_run, monkeypatch):
    shipped()
    export(voices_run, catalogue.shipped_folder() / "voices", task="Any of three to any other")
    monkeypatch.setenv("COLUMNS", "120")
    rows = [line for line in command("melgan-vc", "models").stdout.splitlines() if line.startswith("│")]
    first, second, third = ([cell.strip() for cell in row.strip("│").split("│")] for row in rows)
    assert first[:2] == ["echo_a2a", TASK] and second[:4] == [
        "voices",
        "Any of three to any other",
        "8000 Hz",
        "stargan",
    ]
    assert third == ["", "--to ann, bob, cat; --like FILE", "", "", ""]


def test_a_narrow_terminal_keeps_the_name_whole(command, shipped, monkeypatch):
    shipped()
    monkeypatch.setenv("COLUMNS", "50")
    output = command("melgan-vc", "models").stdout
    assert "echo_a2a" in output and "8000 Hz" in output and "…" not in output


def test_no_models(command, shipped):
    result = command("melgan-vc", "models")
    assert result.exit_code == 0 and "No trained models ship with this version." in result.stdout


def test_a_damaged_model(refused, shipped):
    shipped()
    (catalogue.shipped_folder() / "echo_a2a" / "config.json").write_text("words")
    assert "config.json to be JSON" in refused("melgan-vc", "models")


def test_it_starts_without_an_engine():
    code = (
        "import sys, contextlib\n"
        "from melgan_vc.cli.app import app\n"
        "with contextlib.suppress(SystemExit): app(['models'])\n"
        "heavy = {'keras', 'tensorflow', 'jax', 'numpy', 'scipy', 'h5py', 'matplotlib'} & set(sys.modules)\n"
        "print(heavy, 'pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "set() True", done.stderr


def test_converting_by_name(command, record, shipped, tmp_path, monkeypatch):
    shipped()
    monkeypatch.chdir(tmp_path)
    record("song.wav")
    result = command("convert", "song.wav", "--model", "echo_a2a")
    assert result.exit_code == 0, result.output
    assert soundfile.info("song.converted.wav").frames == 4000


def test_a_mistyped_name(refused, record, shipped, tmp_path, monkeypatch):
    shipped()
    monkeypatch.chdir(tmp_path)
    record("song.wav")
    message = refused("convert", "song.wav", "--model", "eco_a2a")
    assert message.endswith("(it does not exist). Models that ship: echo_a2a; did you mean 'echo_a2a'?")
    assert not Path("song.converted.wav").exists()
