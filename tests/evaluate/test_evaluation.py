"""The whole evaluation, with figures that can be worked out by hand."""

import math
import sys

import numpy as np
import pytest

from melgan_vc.corpus.clips import NamedClip
from melgan_vc.evaluate.evaluation import evaluate, make_metrics, measure_row
from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.evaluate.rows import converted_clips, reference_rows
from melgan_vc.features.packages import MissingEvaluator
from melgan_vc.methods.presets import preset
from melgan_vc.vocoders.griffin_lim import GriffinLim

RATE = 8000


class Loudness(Metric):
    """Root mean square of a conversion over that of its source; and how many clips there are."""

    columns = (Column("loudness", "loudness of the conversion over the source's", "one"),)
    set_columns = (Column("clips", "how many there are"),)

    def prepare(self, source, target, rate):
        self.prepared = [len(clip) for clip in source], [len(clip) for clip in target], rate

    def measure(self, clip):
        source, converted = (float(np.sqrt(np.mean(wave**2))) for wave in (clip.source, clip.converted))
        return {"loudness": converted / source if source > 0.0 else math.nan}

    def summarise(self, clips):
        return {"clips": float(len(clips))}


class Absent(Metric):
    """One whose package nobody has."""

    def __init__(self):
        raise MissingEvaluator("Expected ears for hearing, received: none. Install it with: pip install ears")

    def measure(self, clip):
        return {}


@pytest.fixture(scope="module")
def model(identity_model):
    """An untrained run, whose conversion is copy synthesis."""
    return identity_model


@pytest.fixture(scope="module")
def vocoder(model):
    return GriffinLim(model.config.mel, iterations=2)


def buzz(hertz: float, seconds: float = 1.0, scale: float = 0.02) -> np.ndarray:
    """A voiced sound: the harmonics of a pitch."""
    time = np.arange(int(seconds * RATE)) / RATE
    return (scale * sum(np.cos(2 * np.pi * n * hertz * time) for n in range(1, int(2000 / hertz)))).astype(np.float32)


def clip(name: str, loudness: float) -> Clip:
    return Clip(name, np.ones(100, np.float32), np.full(100, loudness, np.float32), RATE)


def judge(model, vocoder, *makers, task="music", said=None):
    said = [] if said is None else said
    given = {
        "clips": [NamedClip("a", buzz(200.0)), NamedClip("b", buzz(220.0))],
        "targets": [NamedClip("t", buzz(100.0))],
        "source_examples": [buzz(200.0)],
        "target_examples": [buzz(100.0), buzz(110.0, 0.5)],
    }
    return evaluate(model, vocoder, task=task, makers=makers, **given, say=said.append)


def test_every_row_has_every_figure_of_every_clip(model, vocoder):
    said = []
    found = judge(model, vocoder, Loudness, said=said)
    assert [row.name for row in found.rows] == [
        "conversion",
        "source",
        "target",
        "copy synthesis",
        "equalised",
        "another piece",
        "target backwards",
    ]
    assert found.conversion is found.rows[0]
    assert [column.name for column in found.columns] == ["loudness", "clips"]
    assert [[clip.name for clip in row.clips] for row in found.rows[:3]] == [["a", "b"], ["a", "b"], ["t"]]
    for row in found.rows:
        assert [list(figures) for figures in row.figures] == [["loudness"]] * len(row.clips)
        assert row.medians["clips"] == len(row.clips)
        if row.name != "another piece":  # which is as loud as it is
            assert row.medians["loudness"] == pytest.approx(1.0, abs=0.15)
    assert found.real_time_factor > 0.0 and found.missing == []
    assert said[0] == "loading the evaluators" and "converting 2 clips" in said and said[-1].endswith("backwards")


def test_metrics_learn_both_styles_before_they_measure(model, vocoder):
    metric = Loudness()
    judge(model, vocoder, lambda: metric)
    assert metric.prepared == ([8000], [8000, 4000], RATE)


def test_a_missing_evaluator_is_named_once_and_the_rest_runs(model, vocoder):
    found = judge(model, vocoder, Absent, Loudness, Absent)
    assert found.missing == ["Expected ears for hearing, received: none. Install it with: pip install ears"]
    assert list(found.conversion.medians) == ["loudness", "clips"]


@pytest.mark.parametrize("package", ["speechmos", "hama", "musicnn"])
def test_metrics_without_their_packages(package, monkeypatch):
    from melgan_vc.evaluate.tasks import metrics_of

    monkeypatch.setitem(sys.modules, package, None)  # as if it were not there
    for name in [name for name in sys.modules if name.startswith(f"{package}.")]:
        monkeypatch.delitem(sys.modules, name)
    kinds = {"speechmos": "Naturalness", "hama": "PhonemeError", "musicnn": "FrechetDistance"}
    task = "music" if package == "musicnn" else "voice"
    makers = {getattr(make, "func", make).__name__: make for make in metrics_of(task, preset("debug"))}
    metrics, (sentence,) = make_metrics([makers[kinds[package]], makers["Copied"]])
    assert [type(metric).__name__ for metric in metrics] == ["Copied"]
    assert f"Expected {package} for" in sentence and "Install it with: pip install" in sentence


def test_medians_leave_out_what_has_no_figure():
    silent = Clip("silent", np.zeros(100, np.float32), np.zeros(100, np.float32), RATE)
    row = measure_row("row", [clip("a", 1.0), silent, clip("b", 3.0), clip("c", 4.0)], [Loudness()])
    assert row.medians == {"loudness": 3.0, "clips": 4.0}
    assert math.isnan(row.figures[1]["loudness"]) and row.figures[2] == {"loudness": 3.0}


def test_a_median_of_nothing_is_no_figure():
    silent = Clip("silent", np.zeros(100, np.float32), np.zeros(100, np.float32), RATE)
    assert math.isnan(measure_row("row", [silent], [Loudness()]).medians["loudness"])


def test_a_conversion_is_as_long_as_its_clip_and_as_loud(model, vocoder):
    waves = [buzz(200.0, 0.7), buzz(230.0, 1.234)]
    found, real_time_factor = converted_clips(
        model, vocoder, [NamedClip(str(n), wave) for n, wave in enumerate(waves)]
    )
    for wave, result in zip(waves, found, strict=True):
        assert result.source is wave and result.rate == RATE
        assert len(result.converted) == len(wave) and not np.array_equal(result.converted, wave)
        assert np.std(result.converted) == pytest.approx(np.std(wave), rel=0.2)
    assert 0.0 < real_time_factor < 100.0


def references(task, model, vocoder):
    return reference_rows(
        task,
        model.config.mel,
        vocoder,
        clips=[NamedClip("a", buzz(200.0), parallel=buzz(100.0))],
        targets=[NamedClip("t", buzz(100.0))],
        source_examples=[buzz(200.0)],
        target_examples=[buzz(100.0)],
    )


def test_what_the_reference_rows_hold(model, vocoder):
    rows, missing = references("music", model, vocoder)
    source, target = buzz(200.0), buzz(100.0)
    assert missing == []
    for name, wanted in {"source": source, "copy synthesis": source, "equalised": source, "target": target}.items():
        np.testing.assert_array_equal(rows[name][0].source, wanted)
    np.testing.assert_array_equal(rows["source"][0].converted, source)
    np.testing.assert_array_equal(rows["target"][0].converted, target)
    np.testing.assert_array_equal(rows["target backwards"][0].converted, target[::-1])
    np.testing.assert_array_equal(rows["target backwards"][0].source, target)
    np.testing.assert_array_equal(rows["copy synthesis"][0].parallel, target)
    for name in ("another piece", "parallel"):
        (row,) = rows[name]
        np.testing.assert_array_equal(row.source, source)
        np.testing.assert_array_equal(row.converted, target)


def test_the_references_of_a_voice_are_the_naive_shift_and_the_targets_nearest_frames(model, vocoder, made_up_ear):
    pytest.importorskip("librosa"), pytest.importorskip("pyworld")
    rows, missing = references("voice", model, vocoder)
    assert missing == []
    assert list(rows) == [
        "source",
        "target",
        "copy synthesis",
        "naive shift",
        "nearest frames",
        "target backwards",
    ]
    for name in ("naive shift", "nearest frames"):
        assert not np.array_equal(rows[name][0].converted, rows["source"][0].converted)
        assert np.array_equal(rows[name][0].source, rows["source"][0].source)


def test_without_pyworld_one_row_is_left_out(model, vocoder, monkeypatch, made_up_ear):
    pytest.importorskip("librosa")
    monkeypatch.setitem(sys.modules, "pyworld", None)  # as if it were not there
    found = judge(model, vocoder, Loudness, task="voice")
    assert [row.name for row in found.rows] == [
        "conversion",
        "source",
        "target",
        "copy synthesis",
        "nearest frames",
        "target backwards",
    ]
    (sentence,) = found.missing
    assert sentence.startswith("Expected pyworld for the naive shift, received: ")
    assert sentence.endswith("pip install 'setuptools<81' pyworld==0.3.5")
    assert found.conversion.medians["clips"] == 2.0
