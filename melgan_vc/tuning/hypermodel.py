"""A run as keras-tuner sees it: hyperparameters in, the score of a training out."""

import contextlib
import gc
import json
import math
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import keras_tuner
import numpy as np

from melgan_vc.atomic import remove, replacing
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.loading import load_network
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.terminal.console import GuardedConsole
from melgan_vc.training.safety import ASKED
from melgan_vc.training.train import train
from melgan_vc.tuning import record as trial_record
from melgan_vc.tuning.plan import SearchFolder, SearchPlan
from melgan_vc.tuning.record import TrialRecord
from melgan_vc.tuning.spaces import Space, overrides_of

JudgeOf = Callable[[RunConfig], Callable[[Sequence[np.ndarray]], Mapping[str, float]]]
"""Makes a judge for runs of a config: weights of the run's network to figures, among them ``score``; see `Judge`."""

WHOLE = 9
"""Parts of a whole trial, which Hyperband calls epochs: its shortest trials have one of them, then three."""


@dataclass(frozen=True)
class Budget:
    """How much of a whole trial is trained: ``parts`` of `WHOLE`, ``done`` of them by trial ``past`` before."""

    parts: int = WHOLE
    done: int = 0
    past: int | None = None

    @classmethod
    def of(cls, hp: keras_tuner.HyperParameters) -> "Budget":
        """The budget that Hyperband has put among the hyperparameters; a whole trial of any other tuner."""
        past = hp.values.get("tuner/trial_id")
        return cls(
            int(hp.values.get("tuner/epochs", WHOLE)),
            int(hp.values.get("tuner/initial_epoch", 0)),
            None if past is None else int(past) + 1,
        )


class TrainedRun(keras_tuner.HyperModel):
    """Builds the config of a trial; trains it with the real trainer, in a run folder of its own; has it judged.

    Parameters
    ----------
    plan : SearchPlan
        What every trial has in common.
    space : callable
        The search space.
    folder : SearchFolder
        Where the run folders go.
    cache : Path
        Folder for features, shared by all trials.
    judge_of : callable
        See `JudgeOf`. The score must mean the same in every trial, as no loss of a GAN does: it measures a player
        against an opponent that the settings change too.
    """

    def __init__(self, plan: SearchPlan, space: Space, folder: SearchFolder, *, cache: Path, judge_of: JudgeOf):
        super().__init__()
        self.plan = plan
        self.space = space
        self.folder = folder
        self.cache = cache
        self.judge_of = judge_of

    def overrides(self, hp: keras_tuner.HyperParameters) -> list[str]:
        """The settings that the space makes of hyperparameters."""
        return overrides_of(self.space(hp))

    def build(self, hp: keras_tuner.HyperParameters) -> RunConfig:
        """The config of a trial. The trainer builds networks from it, with its seed.

        Raises
        ------
        MelganVcError
            If the space names an unknown key, or a value out of range.
        """
        try:
            return self.plan.config.with_overrides(self.overrides(hp))
        except MelganVcError as error:
            raise MelganVcError(f"Search space {self.plan.space}: {error}") from None

    def fit(self, hp: keras_tuner.HyperParameters, model: RunConfig, *, number: int) -> float:
        """Train a trial, and give its score.

        Parameters
        ----------
        hp : keras_tuner.HyperParameters
            Of the trial.
        model : RunConfig
            What `build` made of them.
        number : int
            Of the trial; decides its folder, and what an interrupted search left in it is removed.

        Returns
        -------
        float
            The judge's ``score``; higher is better.

        Raises
        ------
        MelganVcError
            If the training diverged, or the score is not finite.
        KeyboardInterrupt
            If the training was asked to stop: what it has learned by then is no result.
        """
        free_memory()
        run, budget = self.folder.run(number), Budget.of(hp)
        config = self._limited(model, budget)
        remove(run)
        step, seconds = self._take_over(budget, run)
        if step < config.training.steps:
            outcome = self._train(config, run, budget)
            step, seconds = outcome.step, seconds + outcome.seconds
        _, network = load_network(RunFolder(run))
        figures = dict(self.judge_of(config)(network.get_weights()))
        score = float(figures.pop("score"))
        if not math.isfinite(score):
            raise MelganVcError(f"Expected a finite score, received: {score} ({json.dumps(figures)})")
        values = {name: value for name, value in hp.values.items() if not name.startswith("tuner/")}
        TrialRecord(number, values, self.overrides(hp), score, figures, step, seconds).save(run)
        return score

    def _limited(self, config: RunConfig, budget: Budget) -> RunConfig:
        """The config with the steps that a trial may take."""
        if self.plan.steps is None:
            return config
        steps = math.ceil(self.plan.steps * budget.parts / WHOLE)
        return config.with_overrides([f"training.steps={steps}"])

    def _take_over(self, budget: Budget, run: Path) -> tuple[int, float]:
        """Copy the run of the trial that this one goes on with, if any; its steps and seconds."""
        run.parent.mkdir(parents=True, exist_ok=True)
        if budget.past is None:
            return 0, 0.0
        before = TrialRecord.load(self.folder.run(budget.past))
        with replacing(run) as partial:
            shutil.copytree(self.folder.run(budget.past), partial, ignore=shutil.ignore_patterns(trial_record.NAME))
        return before.step, before.seconds

    def _train(self, config: RunConfig, run: Path, budget: Budget):
        """The real training; what it prints goes to ``log.txt``."""
        minutes = self.plan.minutes
        run.mkdir(exist_ok=True)
        with open(run / "log.txt", "a", encoding="utf-8") as log, contextlib.redirect_stderr(log):
            outcome = train(
                config,
                {"source": self.plan.source, "target": self.plan.target},
                run,
                cache=self.cache,
                resume=budget.past is not None,
                minutes=None if minutes is None else minutes * (budget.parts - budget.done) / WHOLE,
                console=GuardedConsole(file=log, width=118),
            )
        if outcome.stopped_because == ASKED:
            raise KeyboardInterrupt
        return outcome


def free_memory() -> None:
    """Let go of the networks of the trial before."""
    keras.backend.clear_session()
    gc.collect()
