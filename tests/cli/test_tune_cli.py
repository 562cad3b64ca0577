"""``melgan-vc tune``: a mistake gets a sentence before anything is computed; a search ends with a config."""

import json
from pathlib import Path

import pytest

from melgan_vc.config.run import load_config
from melgan_vc.evaluate import panel
from melgan_vc.methods.presets import preset

NEW = ["tune", "--source", "source", "--target", "target", "--run", "search", "--preset", "debug"]


class FakeJudge:
    """Likes an identity near 1."""

    @classmethod
    def of_folders(cls, config, source, target):
        return cls()

    def for_config(self, config):
        return lambda weights: {"likeness": 0.25, "score": -abs(config.method.identity - 1.0)}


@pytest.fixture
def here(tmp_path, monkeypatch, record):
    """Two folders of audio, and a judge that needs no package."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MELGAN_VC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(panel, "Judge", FakeJudge)
    for name in ("source/1.wav", "source/2.wav", "target/1.wav", "target/2.wav"):
        record(name, seconds=1.0)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([], "Expected --minutes-per-trial or --steps-per-trial, received: neither"),
        (["--minutes-per-trial", "1", "--steps-per-trial", "1"], "received: both"),
        (["--steps-per-trial", "1", "--space", "defualt"], "did you mean 'default'?"),
        (["--steps-per-trial", "1", "--space", "none.py:space"], "there is no such file"),
        (["--steps-per-trial", "1", "--tuner", "hyperbnd"], "did you mean 'hyperband'?"),
        (["--steps-per-trial", "1", "--preset", "debgu"], "did you mean 'debug'?"),
        (["--steps-per-trial", "1", "--config", "best.json"], "--preset or --config, received both"),
        (["--steps-per-trial", "1", "--set", "method.margn=3"], "did you mean 'method.margin'?"),
        (["--steps-per-trial", "1", "--source", "sorce"], "did you mean 'source'?"),
        (["--steps-per-trial", "1", "--resume"], "Expected a search to go on with, received: search"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake(here, refused, arguments, message):
    assert message in refused("melgan-vc", *NEW, *arguments)
    assert not Path("search").exists()


def test_what_has_no_source_and_target_is_refused(here, refused):
    Path("vocoder.json").write_text(preset("debug", "vocoder").to_json(), encoding="utf-8")
    message = refused("melgan-vc", *NEW[:-2], "--config", "vocoder.json", "--steps-per-trial", "1")
    assert "a method that has a source and a target, received: those of vocoder" in message
    assert not Path("search").exists()


def test_keras_tuner_is_missing(here, refused, monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "pip install -e '.[tune]'" in refused("melgan-vc", *NEW, "--steps-per-trial", "1")


def test_a_search_ends_with_a_table_a_picture_and_a_config_that_trains(here, command):
    options = ["--steps-per-trial", "1", "--trials", "2", "--seed", "3", "--set", "training.batch_size=2"]
    result = command("melgan-vc", *NEW, *options)
    assert result.exit_code == 0, result.output
    table = result.stdout[result.stdout.index("Trials, the best first") :]
    rows = [line.split() for line in table.splitlines() if line.strip()[:1].isdigit()]
    assert {row[0] for row in rows} == {"1", "2"} and float(rows[0][1]) >= float(rows[1][1])
    assert Path("search/parallel_coordinates.png").read_bytes().startswith(b"\x89PNG")
    best = load_config(Path("search/best.json"))
    assert best.training.seed == 3 and best.training.batch_size == 2
    assert -abs(best.method.identity - 1.0) == pytest.approx(float(rows[0][1]), abs=1e-3)

    (line,) = [line for line in result.stdout.splitlines() if line.startswith("Train with: ")]
    assert "--source source --target target --config search/best.json" in line
    trained = command("train", *line.split("train_cli.py ")[1].split(), "--steps", "1")
    assert trained.exit_code == 0, trained.output
    assert json.loads(Path("runs/NAME/config.json").read_text())["method"] == best.model_dump(mode="json")["method"]

    again = command("melgan-vc", *NEW, *options)
    assert again.exit_code == 2 and "it holds a search already" in again.stderr
    more = command("melgan-vc", *NEW, *options, "--resume")
    assert more.exit_code == 0 and "Trials, the best first" in more.stdout
