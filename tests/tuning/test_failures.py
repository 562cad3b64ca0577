"""A trial that fails is a result: it is recorded with its reason, and the search goes on."""

import json

import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.tuning import hypermodel
from melgan_vc.tuning.results import write_results


def judge_in_turn(*scores):
    """Makes judges that give one score after the other; an exception is raised."""
    left = list(scores)

    def judge(weights):
        score = left.pop(0)
        if isinstance(score, Exception):
            raise score
        return {"loudness": 0.5, "score": score}

    return lambda config: judge


@pytest.mark.parametrize("tuner", ["random", "bayesian", "hyperband"])
def test_nan_and_an_exception_are_recorded(plan, find, instant, tuner):
    judge_of = judge_in_turn(0.1, float("nan"), ValueError("no sound"), 0.3)
    best, second, *failed = find(plan(tuner=tuner, trials=4), judge_of=judge_of)
    assert [(best.number, best.score), (second.number, second.score)] == [(4, 0.3), (1, 0.1)]
    assert [record.number for record in failed] == [2, 3]
    assert 'Expected a finite score, received: nan ({"loudness": 0.5})' in failed[0].failure
    assert failed[1].failure == "ValueError: no sound"
    assert all(record.score is None and record.values for record in failed)
    assert "Trial 3 failed: ValueError: no sound" in find.said
    log = (find.folder / "trial-003" / "log.txt").read_text(encoding="utf-8")
    assert "Traceback" in log and "no sound" in log
    assert find.said[-1].startswith("Trial 4: score 0.300 after") and find.said[-1].endswith("(best so far)")


def test_nothing_is_printed_beside_what_is_said(plan, find, instant, capfd, recwarn):
    find(plan(), judge_of=judge_in_turn(0.1, ValueError("no sound"), 0.3))
    assert capfd.readouterr() == ("", "")
    assert not [warning for warning in recwarn if "NaN" in str(warning.message)]


def test_a_training_that_diverges(plan, find, monkeypatch):
    def diverge(*arguments, **options):
        raise MelganVcError("At step 3: critic_loss=nan.")

    monkeypatch.setattr(hypermodel, "train", diverge)
    # Nothing was built, and after many other tests it takes seconds.
    monkeypatch.setattr(hypermodel, "free_memory", lambda: None)
    asked = plan(trials=4)
    records = find(asked)
    assert [record.failure for record in records] == ["At step 3: critic_loss=nan."] * 4
    with pytest.raises(MelganVcError, match="4 trials, none that ended well; trial 1: At step 3: critic_loss=nan"):
        write_results(asked, find.folder, records)


def test_settings_that_do_not_go_together(plan, find, instant, space_file):
    space_file.write_text('def widths(hp):\n    return {"method.width": hp.Choice("width", [32, 50])}\n')
    good, bad = find(plan(space=f"{space_file}:widths", trials=2))
    assert good.values == {"width": 32} and bad.values == {"width": 50}
    assert "expected width to be a multiple of 4 x pieces" in bad.failure


def test_hyperband_promotes_although_a_trial_of_each_round_fails(plan, find, instant):
    seen = {}

    def judge_of(config):
        steps = config.training.steps
        seen[steps] = seen.get(steps, 0) + 1
        return judge_in_turn(float("nan") if seen[steps] == 2 else config.method.identity)(config)

    records = find(plan(tuner="hyperband", trials=13, steps=9), judge_of=judge_of)
    assert sorted(record.step for record in records if not record.failure) == [1] * 8 + [3] * 2 + [9]
    state = json.loads((find.folder / "keras_tuner" / "oracle.json").read_text())
    assert len(state["end_order"]) == 13
