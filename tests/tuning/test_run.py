"""A search as a function of the package: the best config is returned and written, the story goes to a console."""

import io

import pytest
from rich.console import Console

import melgan_vc as mv
from melgan_vc.config.run import load_config
from melgan_vc.evaluate import panel
from melgan_vc.methods import match_voices
from melgan_vc.tuning import search

from .conftest import closeness


class Judges:
    """Made of two folders; judges by the settings alone."""

    judge_of = staticmethod(closeness)

    @classmethod
    def of_folders(cls, config, source, target):
        return cls()

    def for_config(self, config):
        return self.judge_of(config)


@pytest.fixture
def tune(corpus, space_file, tmp_path, instant, monkeypatch):
    """``tune(**options)``: a search of two trials that takes no time; what it said is in ``tune.said()``."""
    monkeypatch.setattr(panel, "Judge", Judges)
    console = Console(file=io.StringIO(), width=120)

    def call(**options):
        given = {"space": f"{space_file}:identity", "trials": 2, "steps": 2, "preset": "debug", "console": console}
        given |= {"cache": str(corpus["cache"])}
        return mv.tune_run(str(corpus["source"]), str(corpus["target"]), str(tmp_path / "search"), **given | options)

    call.said = console.file.getvalue
    return call


def test_the_best_settings_are_returned_and_written(tune, tmp_path):
    found = tune(seed=3, settings=["method.margin=2"])
    assert sorted(record.number for record in found.records) == [1, 2]
    assert found.records[0].score >= found.records[1].score
    assert found.config.method.identity == pytest.approx(found.records[0].values["identity"], rel=1e-4)
    assert (found.config.method.margin, found.config.training.seed) == (2.0, 3)
    assert found.folder.path == tmp_path / "search" and found.folder.picture.is_file()
    assert load_config(found.folder.best_file) == found.config
    assert "Tuning travelgan on cpu (tensorflow): space" in tune.said() and "2 trials, alone." in tune.said()
    assert "Trials, the best first" in tune.said()


def test_voices_are_matched_before_the_settings_that_are_asked_for(tune, monkeypatch):
    monkeypatch.setattr(match_voices, "measure_shift", lambda source, target, rate: (0.5, 0.8))
    found = tune(trials=1, match_voices=True, settings=["method.formants=0.9"])
    assert (found.config.method.pitch, found.config.method.formants) == (0.5, 0.9)
    assert "Voices matched: --set method.pitch=0.500 --set method.formants=0.800" in tune.said()


def test_a_search_whose_trials_all_fail_shows_them_and_is_refused(tune, monkeypatch):
    monkeypatch.setattr(Judges, "judge_of", staticmethod(lambda config: lambda weights: {"score": float("nan")}))
    with pytest.raises(mv.MelganVcError, match="2 trials, none that ended well"):
        tune()
    assert "Trials, the best first" in tune.said() and "failed" in tune.said()


def test_a_worker_has_no_results(tune, monkeypatch, capsys):
    monkeypatch.setattr(search, "role", lambda: "worker")
    monkeypatch.setattr(search, "search", lambda *plan, **options: [])
    assert tune(console=None) is None
    assert "No more trials; the chief has the results." in capsys.readouterr().out
