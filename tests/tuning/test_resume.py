"""A search that was broken off goes on where it was; one that began otherwise does not."""

import json
import signal

import pytest

from melgan_vc.config.upgrade import as_format_1
from melgan_vc.errors import MelganVcError
from melgan_vc.training.progress import ProgressCallback
from melgan_vc.training.train import train
from melgan_vc.tuning import hypermodel
from melgan_vc.tuning.plan import SearchFolder
from melgan_vc.tuning.record import records_of

from .conftest import closeness


def broken_off(at):
    """Makes judges, the ``at``-th of which is interrupted."""
    made = []

    def judge_of(config):
        made.append(config)
        if len(made) == at:
            raise KeyboardInterrupt
        return closeness(config)

    return judge_of


@pytest.mark.parametrize("tuner", ["random", "hyperband"])
def test_it_ends_as_if_there_had_been_no_break(plan, find, instant, tmp_path, tuner):
    asked = plan(tuner=tuner, trials=7)
    straight = find(asked)
    find.folder = tmp_path / "broken"
    for at in (1, 3):
        with pytest.raises(KeyboardInterrupt):
            find(asked, judge_of=broken_off(at), resume=find.folder.exists())
    assert len(records_of(find.folder)) == 2
    (find.folder / "trial-003" / "half").touch()
    records = find(asked, resume=True)
    assert [(record.number, record.step) for record in records] == [(r.number, r.step) for r in straight]
    assert [record.values for record in records] == [record.values for record in straight]
    assert not (find.folder / "trial-003" / "half").exists(), "a trial that had not ended is trained anew"


def test_a_bayesian_search_remembers_its_trials(plan, find, instant):
    asked = plan(tuner="bayesian", trials=8)
    with pytest.raises(KeyboardInterrupt):
        find(asked, judge_of=broken_off(5))
    before = records_of(find.folder)
    records = find(asked, resume=True)
    assert len(before) == 4 and len(records) == 8
    assert all(record in records for record in before) and records[0] not in before


def test_an_interrupted_training_is_no_result(plan, find, monkeypatch):
    class Stop(ProgressCallback):
        def on_train_batch_begin(self, batch, logs=None):
            signal.raise_signal(signal.SIGINT)

    def interrupted(*arguments, **options):
        return train(*arguments, **options, watcher=lambda progress, folder, board: Stop(progress))

    monkeypatch.setattr(hypermodel, "train", interrupted)
    with pytest.raises(KeyboardInterrupt):
        find(plan(trials=1, steps=None, minutes=1e-6))  # its time is over with the same batch
    assert records_of(find.folder) == [] and (find.folder / "trial-001").is_dir()


def test_more_trials_can_be_asked_for(plan, find, instant):
    first = find(plan(trials=2))
    records = find(plan(trials=12), resume=True)
    assert len(records) == 12 and all(record in records for record in first)
    assert len(instant) == 12


def test_a_search_of_an_earlier_version_goes_on(plan, find, instant):
    first = find(plan(trials=1))
    place = SearchFolder(find.folder).plan_file
    values = json.loads(place.read_text())
    values["config"] = as_format_1(values["config"])
    place.write_text(json.dumps(values))
    records = find(plan(trials=2), resume=True)
    assert len(records) == 2 and first[0] in records


def test_another_name_of_the_process_does_not_begin_again(plan, find, instant, monkeypatch):
    first = find(plan(trials=2))
    monkeypatch.setenv("KERASTUNER_TUNER_ID", "another")
    records = find(plan(trials=3), resume=True)
    assert len(instant) == 3 and all(record in records for record in first)


@pytest.mark.parametrize(
    "settings, others, message",
    [
        (["method.margin=3"], {}, r"method.margin 3.0 \(it began with 10.0\)"),
        (["training.seed=1"], {}, r"training.seed 1 \(it began with 0\)"),
        ([], {"steps": 3}, r"steps 3 \(it began with 2\)"),
        ([], {"tuner": "bayesian"}, r"tuner bayesian \(it began with random\)"),
        ([], {"space": "default"}, "space default"),
    ],
)
def test_other_settings_are_refused(plan, find, instant, settings, others, message):
    find(plan(trials=1))
    with pytest.raises(MelganVcError, match=message):
        find(plan(*settings, **{"trials": 1} | others), resume=True)


def test_nothing_to_resume(plan, find):
    with pytest.raises(MelganVcError, match=r"there is no search.json in it"):
        find(plan(), resume=True)
    assert not find.folder.exists()


def test_a_damaged_state_is_named(plan, find, instant):
    find(plan(trials=1))
    (find.folder / "keras_tuner" / "oracle.json").write_text("{")
    with pytest.raises(MelganVcError, match="a damaged file"):
        find(plan(trials=2), resume=True)
