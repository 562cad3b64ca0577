"""The search: keras-tuner asks for trials, alone or in several processes, and each is trained and recorded."""

import contextlib
import io
import json
import math
import os
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import keras_tuner
from keras_tuner.engine.base_tuner import BaseTuner

from melgan_vc.atomic import NoRoomError
from melgan_vc.errors import MelganVcError
from melgan_vc.tuning.hypermodel import WHOLE, JudgeOf, TrainedRun
from melgan_vc.tuning.plan import SearchFolder, SearchPlan
from melgan_vc.tuning.record import TrialRecord, records_of
from melgan_vc.tuning.spaces import find_space

_CHIEF_STARTS_WITHIN = 600.0


def role() -> Literal["alone", "chief", "worker"]:
    """What this process is, by keras-tuner's environment variables.

    Raises
    ------
    MelganVcError
        If only some of them are there.
    """
    if "KERASTUNER_ORACLE_IP" not in os.environ:
        return "alone"
    missing = [name for name in ("KERASTUNER_ORACLE_PORT", "KERASTUNER_TUNER_ID") if name not in os.environ]
    if missing:
        raise MelganVcError(
            f"Expected {' and '.join(missing)} in the environment beside KERASTUNER_ORACLE_IP, received: none. "
            "See docs/tuning.md."
        )
    return "chief" if "chief" in os.environ["KERASTUNER_TUNER_ID"] else "worker"


def search(
    plan: SearchPlan,
    path: Path,
    *,
    cache: Path,
    judge_of: JudgeOf,
    resume: bool = False,
    say: Callable[[str], None] = print,
) -> list[TrialRecord]:
    """Train and judge trials until there are enough of them.

    With keras-tuner's environment variables this process is the chief, which hands out trials and trains none, or a
    worker, which trains those that the chief gives it.

    Parameters
    ----------
    plan : SearchPlan
        What to search. The same in every process.
    path : Path
        Folder of the search; a run folder ``trial-001`` and so on is made in it for each trial. Every process needs
        the same one.
    cache : Path
        Folder for features.
    judge_of : callable
        See `JudgeOf`.
    resume : bool
        Go on with a search that was broken off. A trial that had not ended is trained anew.
    say : callable
        Prints a line for the user.

    Returns
    -------
    list of TrialRecord
        Every trial that has ended, of this process or another: the best first, the failed ones last.

    Raises
    ------
    MelganVcError
        If the folder is not new, the space is not valid, or there is nothing to resume.
    """
    folder, part = SearchFolder(path), role()
    model = TrainedRun(plan, find_space(plan.space), folder, cache=cache, judge_of=judge_of)
    _check(model)
    if part == "worker":
        _wait_for(folder, say)
        folder.compare(plan)
    elif resume:
        folder.resume(plan)
    else:
        folder.begin(plan)
    tuner = _tuner(plan, model, folder, say, reload=resume and part != "worker")
    with warnings.catch_warnings():
        # What keras-tuner says of a trial whose score is NaN; it has been recorded as failed.
        warnings.filterwarnings("ignore", "All-NaN", RuntimeWarning)
        # Of Bayesian search, while its trials are few.
        warnings.filterwarnings("ignore", module="sklearn")
        _run(tuner, part)
    return records_of(folder.path)


class RunTuner(BaseTuner):
    """Trains trials with a `TrainedRun`; one that fails is recorded, and the search goes on."""

    def __init__(self, oracle, hypermodel: TrainedRun, *, say: Callable[[str], None], **options):
        super().__init__(oracle, hypermodel, **options)
        self.say = say

    def pre_create_trial(self):
        """A pause: while Hyperband waits for other workers, keras-tuner asks again and again."""
        time.sleep(0.05)

    def run_trial(self, trial, **options):
        """Train a trial; the score, or what the tuner takes for a failure."""
        hp, number = trial.hyperparameters, int(trial.trial_id) + 1
        folder, before = self.hypermodel.folder, records_of(self.hypermodel.folder.path)
        try:
            score = self.hypermodel.fit(hp, self.hypermodel.build(hp), number=number)
        except NoRoomError:
            raise  # every trial after it would fail as well
        except Exception as error:
            return {"score": self._record_failure(hp, number, error)}
        record = TrialRecord.load(folder.run(number))
        best = all(other.score is None or score > other.score for other in before)
        self.say(
            f"Trial {number}: score {score:.3f} after {record.step} steps in {record.seconds / 60:.1f} min"
            f"{' (best so far)' if best else ''}"
        )
        return {"score": score}

    def _record_failure(self, hp, number: int, error: Exception) -> float:
        run = self.hypermodel.folder.run(number)
        run.mkdir(parents=True, exist_ok=True)
        with open(run / "log.txt", "a", encoding="utf-8") as log:
            traceback.print_exception(error, file=log)
        reason = str(error) if isinstance(error, MelganVcError) else f"{type(error).__name__}: {error}"
        values = {name: value for name, value in hp.values.items() if not name.startswith("tuner/")}
        TrialRecord(number, values, failure=reason).save(run)
        self.say(f"Trial {number} failed: {reason}")
        # NaN is a failure to keras-tuner, and its Bayesian search leaves it out. Its Hyperband would wait for ever
        # for a full round, and promote nobody: there a failure is the last of the round instead.
        is_hyperband = "tuner/round" in hp.values
        return -math.inf if is_hyperband else math.nan


def _check(model: TrainedRun) -> None:
    """Build a config with the space's own defaults: a typo in it is told before anything is trained."""
    try:
        model.build(keras_tuner.HyperParameters())
    except MelganVcError:
        raise
    except Exception as error:
        raise MelganVcError(f"Search space {model.plan.space}: {type(error).__name__}: {error}") from error


def _wait_for(folder: SearchFolder, say: Callable[[str], None]) -> None:
    """Until the chief has begun the search."""
    if not folder.plan_file.exists():
        say(f"Waiting for the chief to begin {folder.path}.")
    end = time.monotonic() + _CHIEF_STARTS_WITHIN
    while not folder.plan_file.exists():
        if time.monotonic() > end:
            raise MelganVcError(f"Expected a chief to begin {folder.path}, received: none. See docs/tuning.md.")
        time.sleep(0.2)


def _tuner(plan: SearchPlan, model: TrainedRun, folder: SearchFolder, say, *, reload: bool) -> RunTuner:
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # "Reloading Tuner from ..."
            tuner = RunTuner(
                _oracle(plan), model, say=say, directory=str(folder.path), project_name=folder.tuner_state.name
            )
        # By itself keras-tuner reloads what a process of the same name saved; the name is the chief's where one was.
        if reload and (folder.tuner_state / "oracle.json").exists():
            tuner.oracle.reload()
    except json.JSONDecodeError as error:
        raise MelganVcError(
            f"Expected the state of a search in {folder.tuner_state}, received: a damaged file ({error})"
        ) from None
    return tuner


def _run(tuner: RunTuner, part: str) -> None:
    if part == "worker":
        tuner.search()
        return
    tuner.save()  # keras-tuner would, after the first trial: too late for one that is broken off
    try:
        tuner.search(verbose=0)
    except RuntimeError as error:
        if part == "alone":
            raise
        place = f"{os.environ['KERASTUNER_ORACLE_IP']}:{os.environ['KERASTUNER_ORACLE_PORT']}"
        raise MelganVcError(f"Expected an address to listen at, received: {place} ({error})") from None


def _oracle(plan: SearchPlan) -> keras_tuner.Oracle:
    """What chooses the next trial."""
    options = {
        "objective": keras_tuner.Objective("score", direction="max"),
        "seed": plan.config.training.seed + 1,  # keras-tuner takes 0 for none
        "max_consecutive_failed_trials": 10**9,  # a trial that fails is a result
    }
    if plan.tuner == "hyperband":
        # Brackets follow each other until there are enough trials.
        oracle = keras_tuner.oracles.HyperbandOracle(max_epochs=WHOLE, hyperband_iterations=None, **options)
        oracle.max_trials = plan.trials
        return oracle
    if plan.tuner == "bayesian":
        # A third at random; by itself keras-tuner would take three for each hyperparameter.
        start = max(3, plan.trials // 3)
        return keras_tuner.oracles.BayesianOptimizationOracle(
            max_trials=plan.trials, num_initial_points=start, **options
        )
    return keras_tuner.oracles.RandomSearchOracle(max_trials=plan.trials, **options)
