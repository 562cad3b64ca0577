"""A search trains every trial for real, judges it, and leaves a run folder, a record and a config."""

import keras_tuner
import numpy as np
import pytest

from melgan_vc.config.run import load_config
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.loading import load_network
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.tuning.hypermodel import TrainedRun
from melgan_vc.tuning.plan import SearchFolder
from melgan_vc.tuning.record import TrialRecord
from melgan_vc.tuning.results import write_results
from melgan_vc.tuning.spaces import find_space

from .conftest import closeness


def test_every_trial_is_a_run(plan, find):
    judged = []

    def judge_of(config):
        def judge(weights):
            judged.append(weights)
            return {"loudness": 0.5, "score": config.method.identity}

        return judge

    asked = plan("method.margin=3", trials=2)
    records = find(asked, judge_of=judge_of)
    assert len(records) == 2 and records[0].score > records[1].score
    for record in records:
        run = find.folder / f"trial-{record.number:03d}"
        config = load_config(run / "config.json")
        assert config.method.identity == pytest.approx(record.values["identity"], rel=1e-5) == record.score
        assert config.method.margin == 3.0 and config.training.steps == record.step == 2
        assert record.figures == {"loudness": 0.5} and record.seconds > 0
        assert "files used" in (run / "log.txt").read_text(encoding="utf-8")
        loaded = load_network(RunFolder(run))[1].get_weights()
        for one, other in zip(judged[record.number - 1], loaded, strict=True):
            np.testing.assert_array_equal(one, other)

    best = load_config(write_results(asked, find.folder, records).best_file)
    assert best.method.identity == records[0].score and best.method.margin == 3.0
    assert best.training.steps == 20, "a whole training's steps, not a trial's"


def test_the_seed_decides_the_trials(plan, find, instant, tmp_path):
    def values(seed, name):
        find.folder = tmp_path / name
        return [record.values for record in find(plan(f"training.seed={seed}"))]

    assert values(0, "a") == values(0, "b") != values(1, "c")


def test_bayesian_search_learns_from_its_trials(plan, find, instant):
    records = find(plan(tuner="bayesian", trials=12))
    at_random = [record for record in records if record.number <= 4]
    assert records[0] not in at_random
    assert records[0].values["identity"] == pytest.approx(1.0, rel=0.1)


def test_hyperband_goes_on_with_the_best(plan, find, instant):
    records = find(plan(tuner="hyperband", trials=13, steps=18))
    assert sorted(record.step for record in records) == [2] * 9 + [6] * 3 + [18]
    assert [call["before"] for call in instant] == [0] * 9 + [2] * 3 + [6]
    longest = max(records, key=lambda record: record.step)
    first = [record for record in records if record.step == 2]
    assert longest.values == first[0].values, "the best of the short trials is the one that is trained to the end"
    assert longest.seconds == 3.0


def test_hyperband_divides_minutes(plan, find, instant):
    find(plan(tuner="hyperband", trials=13, steps=None, minutes=9.0))
    # Those at their config's 20 steps after the first round have none left to train: they are judged again.
    assert [call["minutes"] for call in instant] == [1.0] * 9


def test_a_promoted_trial_trains_its_predecessor_on(plan, corpus, tmp_path):
    folder = SearchFolder(tmp_path / "search")
    asked = plan("training.checkpoint_every=1", steps=9)
    model = TrainedRun(asked, find_space(asked.space), folder, cache=corpus["cache"], judge_of=closeness)
    hp = keras_tuner.HyperParameters()
    for number, promotion in enumerate([{}, {"tuner/trial_id": "00"}], start=1):
        hp.values = {
            "identity": 2.0,
            "tuner/epochs": 3 ** (number - 1),
            "tuner/initial_epoch": number - 1,
        } | promotion
        model.fit(hp, model.build(hp), number=number)
    assert [TrialRecord.load(folder.run(number)).step for number in (1, 2)] == [1, 3]
    assert "Going on from step 1." in (folder.run(2) / "log.txt").read_text(encoding="utf-8")
    assert load_config(folder.run(1) / "config.json").training.steps == 1, "the short trial is left as it was"


def test_an_existing_folder_is_refused(plan, find, instant):
    find(plan())
    with pytest.raises(
        MelganVcError, match=r"search \(it holds a search already\). Go on with a search with --resume"
    ):
        find(plan())
    (find.folder / "search.json").unlink()
    with pytest.raises(MelganVcError, match="it holds something already"):
        find(plan())


@pytest.mark.parametrize(
    "options, message",
    [
        ({"tuner": "baysian"}, "among random, bayesian, hyperband, received: 'baysian'; did you mean 'bayesian'"),
        ({"steps": None}, "Expected --minutes-per-trial or --steps-per-trial, received: neither"),
        ({"minutes": 1.0}, "received: both"),
    ],
)
def test_a_plan_that_makes_no_sense(plan, options, message):
    with pytest.raises(MelganVcError, match=message):
        plan(**options)
