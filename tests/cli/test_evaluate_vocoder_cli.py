"""``melgan-vc evaluate-vocoder``: what it compares, what it writes, what it refuses."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from melgan_vc.evaluate import run_vocoder
from melgan_vc.evaluate.metrics.log_spectral_distance import LogSpectralDistance
from melgan_vc.evaluate.metrics.stft_distance import StftDistance

DEMO = Path(__file__).parents[2] / "datasets" / "demo"
QUICK = ["--clips", 2, "--seconds", 3]


@pytest.fixture
def asked(monkeypatch):
    """The tasks whose metrics were asked for; only the fast ones of both are measured."""
    found = []
    metrics = [LogSpectralDistance, StftDistance]
    monkeypatch.setattr(run_vocoder, "vocoder_metrics", lambda task: found.append(task) or metrics)
    return found


def judged(command, *arguments):
    result = command("melgan-vc", "evaluate-vocoder", *arguments, *QUICK)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_vocoder_beside_griffin_lim_and_the_recording(command, asked, vocoder_run, tmp_path):
    folders = ["--data", DEMO / "male_ru", "--data", DEMO / "female_ru", "--unseen", DEMO / "held_out" / "jazz"]
    output = judged(command, vocoder_run, *folders, "--iterations", 5, "-o", tmp_path)
    assert asked == ["voice"]
    assert "Medians over 4 held-out clips" in output and "Medians over 2 clips of a folder never trained" in output
    for clips in ("4 held-out clips", "2 clips of a folder never trained on"):
        name = vocoder_run.name
        assert re.search(rf"Real-time factors on {clips}: {name} \d+\.\d{{3}}, griffin-lim \d+\.\d{{3}}\.", output)
    assert "Griffin-Lim had 5 iterations; the vocoder ran on cpu (tensorflow)." in output

    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert (report["vocoder"], report["task"], report["griffin_lim_iterations"]) == (vocoder_run.name, "voice", 5)
    held_out, unseen = report["groups"]
    jazz = "jazz/unseen_corner-trio-176bpm-up2"
    for group, names in [
        (held_out, ["male_ru/ru_0130", "male_ru/ru_0130-1", "female_ru/confbridge-rest-list-vol-out"]),
        (unseen, [jazz, f"{jazz}-1"]),
    ]:
        assert [row["name"] for row in group["rows"]] == [vocoder_run.name, "griffin-lim", "recording"]
        assert all([clip["name"] for clip in row["clips"]][: len(names)] == names for row in group["rows"])
        mine, griffin_lim, recording = (row["medians"] for row in group["rows"])
        # Nothing was learned: it is what its start gives, two iterations of Griffin-Lim.
        assert mine["lsd_db"] == pytest.approx(griffin_lim["lsd_db"], rel=0.3)
        assert mine["stft_distance"] > 0.2
        assert recording == {"lsd_db": 0.0, "stft_distance": 0.0, "real_time_factor": None}
        clips = [clip["lsd_db"] for clip in group["rows"][0]["clips"]]
        assert mine["lsd_db"] == pytest.approx(np.median(clips), abs=1e-3)
        assert mine["real_time_factor"] > 0.0 and griffin_lim["real_time_factor"] > 0.0

    card = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert f"| lsd_db ↓ | {held_out['rows'][0]['medians']['lsd_db']:.2f} |" in card
    assert card.count(f"| figure | {vocoder_run.name} | griffin-lim | recording |") == 2
    assert "griffin_lim_iterations: 5" in card
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json", "report.md"]


def test_the_report_lies_in_the_run_and_is_not_replaced(command, refused, asked, vocoder_run):
    arguments = [vocoder_run, "--unseen", DEMO / "held_out" / "male_ru", "--iterations", 1, "--task", "music"]
    judged(command, *arguments)
    assert asked == ["music"]
    report = vocoder_run / "evaluation" / "report.json"
    report.write_text("precious")
    message = refused("melgan-vc", "evaluate-vocoder", *arguments, *QUICK)
    assert f"Expected a new report, received: {report} exists. Add --force to replace it." in message
    assert report.read_text() == "precious"
    judged(command, *arguments, "--force")
    assert [group["name"] for group in json.loads(report.read_text())["groups"]] == [
        "clips of a folder never trained on"
    ]


@pytest.mark.parametrize(
    ("vocoder", "options", "message"),
    [
        (None, [], "Expected --data, a folder of audio, or --unseen, received: neither"),
        (
            None,
            ["--data", "two"],
            "Expected held-out files in two, received: 2 audio files, all of them for training. Name a folder of "
            "audio that was never trained on with --unseen.",
        ),
        (None, ["--data", "tow"], "received: tow (it does not exist; did you mean 'two'?)"),
        (None, ["--unseen", "empty"], "received: empty (none found in it)"),
        (None, ["--data", "two", "--task", "musik"], "received: 'musik'; did you mean 'music'?"),
        (None, ["--data", "two", "--device", "gpuu"], "received: 'gpuu'; did you mean 'gpu'?"),
        (None, ["--data", "two", "-o", "a file"], "Expected a folder for --output, received: a file (it is a file)"),
        ("griffin-lim", ["--data", "two"], "Griffin-Lim is what it is compared with."),
        ("no-run", ["--data", "two"], "received: no-run (it does not exist)"),
        ("empty", ["--data", "two"], "Expected a run folder with a config.json, received: empty"),
    ],
)
def test_bad_input(refused, asked, vocoder_run, record, tmp_path, monkeypatch, vocoder, options, message):
    monkeypatch.chdir(tmp_path)
    record("two/a.wav"), record("two/b.wav")
    Path("empty").mkdir()
    Path("a file").touch()
    before = sorted(Path().rglob("*"))
    output = [] if "-o" in options else ["-o", "report"]
    assert message in refused("melgan-vc", "evaluate-vocoder", vocoder or vocoder_run, *options, *output)
    assert sorted(Path().rglob("*")) == before, "nothing is left behind"


def test_a_model_that_converts_is_no_vocoder(refused, identity_run, tmp_path):
    options = ["--data", DEMO / "male_ru", "-o", tmp_path / "report"]
    message = refused("melgan-vc", "evaluate-vocoder", identity_run, *options)
    assert f"Expected a run of the method vocoder, received: {identity_run}, which is of travelgan" in message
    assert not (tmp_path / "report").exists()
