"""The evaluations as functions of the package: figures are returned, reports are written, mistakes are told."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

import melgan_vc as mv
from melgan_vc.corpus.cache import content_digest
from melgan_vc.evaluate import run, run_vocoder, run_voices
from melgan_vc.evaluate.metrics.metric import Column, Metric
from melgan_vc.evaluate.never_heard import never_heard

RATE = 8000
QUICK = {"clips": 1, "seconds": 3.0}


class Loudness(Metric):
    """Root mean square of what is judged."""

    columns = (Column("loudness", "root mean square"),)

    def measure(self, clip):
        return {"loudness": float(np.sqrt(np.mean(clip.converted**2)))}


class Ear:
    """Everybody sounds like the domain called target."""

    def centroid(self, which, clips, rate):
        return np.eye(3)[["source", "target", which].index(which)]

    def embed(self, wave, rate):
        return np.array([0.6, 0.8, 0.0])


@pytest.fixture(scope="module")
def voices(sing, tmp_path_factory):
    """Folders of five clips each of two voices, an octave apart."""
    root = tmp_path_factory.mktemp("voices")
    for name, hertz in {"high": 240.0, "low": 120.0}.items():
        (root / name).mkdir()
        wave = 0.1 * sing(np.full(3 * RATE, hertz), RATE)
        for number in range(5):
            soundfile.write(root / name / f"{number}.wav", wave, RATE)
    return {name: str(root / name) for name in ("high", "low")}


def test_a_voice_is_judged_and_its_report_written(voices, identity_run, tmp_path, monkeypatch, made_up_ear):
    pytest.importorskip("librosa"), pytest.importorskip("pyworld")
    asked, said = [], []
    monkeypatch.setattr(run, "metrics_of", lambda *task, **options: asked.append((*task, options)) or [Loudness])
    options = {"source": voices["high"], "target": voices["low"], "examples": 1, "iterations": 1, **QUICK}
    options |= {"output": tmp_path / "report"}
    report = mv.evaluate_run(str(identity_run), **options, say=said.append)

    assert asked[0][0] == "voice" and asked[0][-1]["parallel"] is False
    assert report.device == "cpu (tensorflow)" and report.folder == tmp_path / "report"
    assert [row.name for row in report.evaluation.rows] == [
        "conversion", "source", "target", "copy synthesis", "naive shift", "nearest frames", "target backwards"
    ]  # fmt: skip
    (clip,) = report.evaluation.conversion.clips
    assert clip.converted.shape == clip.source.shape == (3 * RATE,)
    loudness = report.evaluation.conversion.medians["loudness"]
    assert loudness == pytest.approx(np.std(clip.source), rel=0.2)
    assert said[0] == "reading examples of both styles" and said[-1] == "measuring: target backwards"

    written = json.loads((report.folder / "report.json").read_text(encoding="utf-8"))
    assert written["rows"][0]["medians"]["loudness"] == pytest.approx(loudness, abs=1e-4)
    assert f"<h1>{identity_run.name}: high to low</h1>" in (report.folder / "report.html").read_text(encoding="utf-8")
    assert "| loudness |" in (report.folder / "report.md").read_text(encoding="utf-8")
    with pytest.raises(mv.MelganVcError, match=r"Expected a new report, received: .*report\.json exists"):
        mv.evaluate_run(identity_run, **options)


@pytest.fixture
def run_of_a_voice(voices, save_run, tmp_path):
    """``run_of_a_voice(*folders)``: a run of an autoencoder that was given the files of these folders."""

    def call(*folders):
        path = save_run(tmp_path / "voice", method="autoencoder", random=False)
        reports = [
            {"folder": "moved since", "files": [{"digest": content_digest(f)} for f in Path(folder).iterdir()]}
            for folder in folders
        ]
        (path / "corpus.json").write_text(json.dumps(reports), encoding="utf-8")
        return path

    return call


def test_any_folder_is_a_source_for_a_run_of_a_voice(voices, run_of_a_voice, tmp_path, monkeypatch, made_up_ear):
    monkeypatch.setattr(run, "metrics_of", lambda *task, **options: [Loudness])
    options = {"source": voices["high"], "target": voices["low"], "iterations": 1, "seconds": 3.0, "clips": 4}
    found = mv.evaluate_run(run_of_a_voice(voices["low"]), **options).evaluation
    names = {row.name: [clip.name for clip in row.clips] for row in found.rows}
    assert names["conversion"] == names["source"] == ["0", "1", "3", "4"], "all of it may be judged"
    assert len(set(names["target"])) == 1 and names["target"][0][0] in "01234", "of the target what training left"
    assert all(clip.converted.shape == clip.source.shape for clip in found.conversion.clips)
    assert found.conditioned == []


@pytest.mark.filterwarnings("ignore:Of the waveform, nobody seems to speak")
def test_what_is_judged_is_as_high_as_is_asked(voices, save_run, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "metrics_of", lambda *task, **options: [Loudness])
    folder = save_run(tmp_path / "voice", method="autoencoder")
    options = {"source": voices["high"], "target": voices["low"], "iterations": 1, "seconds": 3.0, "clips": 1}
    (clip,) = mv.evaluate_run(folder, semitones="5", **options).evaluation.conversion.clips
    model = mv.load_model(folder, iterations=1)
    np.testing.assert_allclose(clip.converted, model.convert(clip.source, clip.rate, semitones=5), atol=1e-4)
    assert np.abs(clip.converted - model.convert(clip.source, clip.rate)).max() > 0.01


def test_a_source_that_a_run_of_voices_has_heard_is_judged_on_what_training_left(voices, run_of_a_voice, tmp_path):
    run_folder, source = run_of_a_voice(voices["low"], voices["high"]), Path(voices["high"])
    assert not never_heard(source, run_folder)
    other = tmp_path / "others"
    other.mkdir()
    soundfile.write(other / "0.wav", np.zeros(RATE), RATE)
    assert never_heard(other, run_folder)
    (run_folder / "corpus.json").unlink()
    assert not never_heard(other, run_folder), "nobody knows"


def test_a_source_of_a_pair_is_always_one_that_was_trained_on(voices, identity_run):
    assert not never_heard(Path(voices["high"]), identity_run)


def test_many_voices_are_judged_and_their_report_written(voices, stargan_run, tmp_path, monkeypatch):
    monkeypatch.setattr(run_voices, "SpeakerPrint", Ear)
    monkeypatch.setattr(run_voices, "Naturalness", Loudness)
    monkeypatch.setattr(run_voices, "PhonemeError", Loudness)
    domains, said = {"source": voices["high"], "target": voices["low"]}, []
    options = {"examples": 1, "iterations": 1, "output": str(tmp_path), **QUICK}
    report = mv.evaluate_voices(stargan_run, domains=domains, **options, say=said.append)
    found = report.evaluation
    assert found.names == ["source", "target"] and found.unseen == {} and list(found.rows) == ["conversion", "source"]
    assert [(one.source, one.target, one.nearest) for one in found.rows["conversion"]] == [
        ("target", "source", "target"),
        ("source", "target", "target"),
    ]
    assert said[0] == "reading the voices" and report.device == "cpu (tensorflow)"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json", "report.md"]
    assert json.loads((report.folder / "report.json").read_text())["voices"] == ["source", "target"]


def test_a_vocoder_is_judged_and_its_report_written(voices, save_run, tmp_path, monkeypatch):
    monkeypatch.setattr(run_vocoder, "vocoder_metrics", lambda task: [Loudness])
    vocoder = save_run(tmp_path / "vocoder", method="vocoder", random=False)
    report = mv.evaluate_vocoder(vocoder, data=voices["high"], unseen=voices["low"], iterations=1, **QUICK)
    groups = report.evaluation.groups
    assert {name: [row.name for row in group.rows] for name, group in groups.items()} == {
        run_vocoder.HELD_OUT: ["vocoder", "griffin-lim", "recording"],
        run_vocoder.UNSEEN: ["vocoder", "griffin-lim", "recording"],
    }
    assert report.folder == vocoder / "evaluation"
    written = json.loads((report.folder / "report.json").read_text(encoding="utf-8"))
    assert (written["griffin_lim_iterations"], written["device"]) == (1, "cpu (tensorflow)")


@pytest.mark.parametrize(
    ("function", "options", "message"),
    [
        (mv.evaluate_run, {"tags": "jazz"}, "Expected tags of the source style and of the target style, .*'jazz'"),
        (mv.evaluate_run, {"task": "musik"}, "received: 'musik'; did you mean 'music'"),
        (mv.evaluate_voices, {"domains": {"source": "a"}}, "two or more folders of audio by name, received: 1"),
        (mv.evaluate_voices, {"task": "music"}, "Expected a run of voices with --domain, received: one of music"),
    ],
)
def test_a_mistake_is_told_before_anything_is_read(stargan_run, function, options, message):
    folders = {"source": "no folder", "target": "none either"}
    given = {"domains": folders} if function is mv.evaluate_voices else folders
    with pytest.raises(mv.MelganVcError, match=message):
        function(stargan_run, **given | options)
