"""``melgan-vc evaluate`` with several domains, and to one of them."""

import json
from pathlib import Path

import numpy as np
import pytest

from melgan_vc.evaluate import run, run_voices
from melgan_vc.evaluate.many_voices import evaluator as many_voices
from melgan_vc.evaluate.metrics.metric import Column, Metric
from melgan_vc.features.packages import MissingEvaluator
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_network
from melgan_vc.runs.run_folder import RunFolder

QUICK = ["--clips", 1, "--seconds", 3, "--iterations", 1]


class Loudness(Metric):
    """Root mean square of the conversion."""

    columns = (Column("dnsmos", "root mean square"),)

    def measure(self, clip):
        return {"dnsmos": float(np.std(clip.converted))}


class Ear:
    """Everybody sounds like the domain called target, but for silence."""

    def centroid(self, which, clips, rate):
        return np.eye(3)[["source", "target", which].index(which)]

    def embed(self, wave, rate):
        return np.array([0.6, 0.8, 0.0]) if np.max(np.abs(wave)) > 1e-3 else None


def not_installed():
    raise MissingEvaluator("Expected hama for the phoneme error rate. Install it with: pip install hama")


@pytest.fixture
def voices(record, tmp_path, monkeypatch) -> list:
    """Options for two domains, and evaluators that need nothing."""
    monkeypatch.setattr(run_voices, "SpeakerPrint", Ear)
    monkeypatch.setattr(run_voices, "Naturalness", Loudness)
    monkeypatch.setattr(run_voices, "PhonemeError", not_installed)
    for name in ("a", "b"):
        for number in range(5):
            record(f"{name}/{number}.wav", seconds=3.0)
    return ["--domain", f"source={tmp_path / 'a'}", "--domain", f"target={tmp_path / 'b'}"]


def test_every_pair_is_converted_and_reported(command, voices, both_ways_run, tmp_path):
    arguments = ["evaluate", "--model", both_ways_run, *voices, *QUICK, "-o", tmp_path / "report"]
    result = command("melgan-vc", *arguments)
    assert result.exit_code == 0, result.output
    assert "2 conversions on cpu" in result.stdout and f"Report: {tmp_path / 'report' / 'report.md'}" in result.stdout
    assert "pip install hama" in result.stdout
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    conversion, source = report["rows"]
    # The way back of this run makes everything silent, which is nobody; the way there changes nothing.
    assert report["confusion"] == {"source": {"nobody": 1}, "target": {"target": 1}}
    assert {(pair["source"], pair["target"]): pair["dnsmos"] > 0.01 for pair in conversion["pairs"]} == {
        ("source", "target"): True,
        ("target", "source"): False,
    }
    assert source["totals"]["nearest_is_target"] == 0.5
    assert report["missing"] == ["Expected hama for the phoneme error rate. Install it with: pip install hama"]
    assert report["unseen"] == []
    card = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert "| nearest_is_target ↑ | 0.50 | 0.50 |" in card and "**Every pair**" in card

    page = tmp_path / "report" / "report.html"
    page.write_text("of an older evaluation")
    assert command("melgan-vc", *arguments).exit_code == 2
    assert command("melgan-vc", *arguments, "--force").exit_code == 0
    assert sorted(path.name for path in page.parent.iterdir()) == ["report.json", "report.md"]


def test_like_voices_never_trained_on(command, voices, record, tmp_path, monkeypatch):
    monkeypatch.setattr(many_voices, "naive_shift", lambda wave, rate, *, pitch, formant: wave * (pitch == 2.0))
    for name in ("c/1", "c/2", "d/1"):
        record(f"others/{name}.wav", seconds=3.0)
    config, folder = preset("debug", "stargan"), RunFolder(tmp_path / "run")
    config = config.with_overrides(["method.pitches=[110, 220]"])
    folder.save_config(config)
    build_network(config).save_weights(folder.weights_file)
    arguments = ["evaluate", "--model", folder.path, *voices, "--unseen", tmp_path / "others", *QUICK]
    result = command("melgan-vc", *arguments)
    assert result.exit_code == 0, result.output
    assert "8 conversions on cpu" in result.stdout, "2 between the voices, 2 x 3 like the recordings"
    report = json.loads((folder.path / "evaluation" / "report.json").read_text())
    conversion, source, shift = report["rows"]
    assert shift["name"] == "shift alone"
    # The pitch of the domain called target is twice as high.
    assert {pair["target"]: pair["dnsmos"] for pair in shift["pairs"] if pair["dnsmos"] == 0.0} == {"source": 0.0}
    conversion, source = report["unseen"]
    assert [(clip["source"], clip["target"]) for clip in conversion["clips"]] == [
        *2 * [("source", "c"), ("target", "c")],
        *[("source", "d"), ("target", "d")],
    ]
    assert source["totals"]["similarity_margin"] == pytest.approx(0.0 - (0.6 + 0.8) / 2)
    assert "**Like voices never trained on**" in (folder.path / "evaluation" / "report.md").read_text(
        encoding="utf-8"
    )


def test_the_way_back_of_a_run(command, both_ways_run, record, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "metrics_of", lambda *task, **options: [Loudness])
    for number in range(5):
        record(f"a/{number}.wav", seconds=3.0), record(f"b/{number}.wav", seconds=3.0)
    folders = ["--source", tmp_path / "a", "--target", tmp_path / "b", "--task", "music"]
    loudness = {}
    for to in ("source", "target"):
        arguments = ["--model", both_ways_run, *folders, *QUICK, "--to", to, "-o", tmp_path / to]
        assert command("melgan-vc", "evaluate", *arguments).exit_code == 0
        row = json.loads((tmp_path / to / "report.json").read_text())["rows"][0]
        loudness[to] = row["medians"]["dnsmos"]
    assert loudness["source"] < 0.01 < loudness["target"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--source", "a"], "received: no --target"),
        (
            ["--target", "a"],
            "Expected --source and --target, or --domain NAME=DIR for each voice, received: no --source",
        ),
        (["--domain", "source=a"], "Expected 2 to 100 domains, received: 1."),
        (["--domain", "source=a", "--domain", "target=b", "--to", "target"], "received: --domain and --to"),
        (["--domain", "source=a", "--domain", "target=b", "--source", "a"], "received: --domain and --source"),
        (["--source", "a", "--target", "b", "--unseen", "c"], "received: --unseen without"),
        (["--source", "a", "--target", "b", "--to", "sorce"], "received: 'sorce'; did you mean 'source'?"),
        (["--domain", "source=a", "--domain", "tarjet=b"], "received: 'tarjet'; did you mean 'target'?"),
        (["--domain", "source=a", "--domain", "target=b", "--task", "music"], "received: one of music"),
        (["--domain", "source=a", "--domain", "target=none"], "received: none (it does not exist"),
        (["--domain", "source=a", "--domain", "target=b", "--unseen", "c"], "which is of cyclegan"),
    ],
)
def test_bad_input(refused, voices, both_ways_run, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    before = sorted(Path().rglob("*"))
    assert message in refused("melgan-vc", "evaluate", "--model", both_ways_run, *arguments, *QUICK, "-o", "report")
    assert sorted(Path().rglob("*")) == before, "nothing is left behind"
