"""What a search is, and where its files are."""

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from melgan_vc.atomic import replacing
from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError, did_you_mean

TUNERS = ("random", "bayesian", "hyperband")


@dataclass(frozen=True)
class SearchPlan:
    """What a search is: ``search.json`` in its folder.

    Attributes
    ----------
    config : RunConfig
        What every trial starts from. Its seed is that of every trial, and decides the trials as well.
    source, target : Path
        Folders of audio.
    space : str
        A search space, as `find_space` takes it.
    tuner : {'random', 'bayesian', 'hyperband'}
        What chooses the next trial.
    trials : int
        Trials in all, failed ones and Hyperband's promoted ones included.
    minutes : float or None
        Minutes of training for a whole trial.
    steps : int or None
        Steps for a whole trial, instead of minutes.

    Raises
    ------
    MelganVcError
        If there is no such tuner, or not one of minutes and steps.
    """

    config: RunConfig
    source: Path
    target: Path
    space: str
    tuner: str
    trials: int
    minutes: float | None = None
    steps: int | None = None

    def __post_init__(self):
        if self.config.method.folders != "pair":
            raise MelganVcError(
                "Expected settings of a method that has a source and a target, received: those of "
                f"{self.config.method.name}"
            )
        if self.tuner not in TUNERS:
            raise MelganVcError(
                f"Expected --tuner among {', '.join(TUNERS)}, received: {self.tuner!r}"
                f"{did_you_mean(self.tuner, TUNERS)}"
            )
        if (self.minutes is None) == (self.steps is None):
            raise MelganVcError(
                "Expected --minutes-per-trial or --steps-per-trial, received: "
                f"{'neither' if self.steps is None else 'both'}"
            )

    def to_values(self) -> dict[str, Any]:
        """Everything as JSON can hold it."""
        return {
            "source": str(self.source.absolute()),
            "target": str(self.target.absolute()),
            "space": self.space,
            "tuner": self.tuner,
            "trials": self.trials,
            "minutes": self.minutes,
            "steps": self.steps,
            "config": self.config.model_dump(mode="json"),
        }


class SearchFolder:
    """Where things are in the folder of a search."""

    def __init__(self, path: Path):
        self.path = Path(path)
        self.plan_file = self.path / "search.json"
        self.tuner_state = self.path / "keras_tuner"
        self.best_file = self.path / "best.json"
        self.picture = self.path / "parallel_coordinates.png"

    def run(self, number: int) -> Path:
        """The run folder of a trial; the first is number 1."""
        return self.path / f"trial-{number:03d}"

    def begin(self, plan: SearchPlan) -> None:
        """Make the folder of a new search.

        Raises
        ------
        MelganVcError
            If there is something in it already.
        """
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            what = "a search" if self.plan_file.exists() else "something"
            raise MelganVcError(
                f"Expected a new folder for the search, received: {self.path} (it holds {what} already). "
                "Go on with a search with --resume, or choose another --run."
            )
        self._write(plan)

    def resume(self, plan: SearchPlan) -> None:
        """Go on with a search: `compare`, and write down how many trials are wanted now."""
        self.compare(plan)
        self._write(plan)

    def compare(self, plan: SearchPlan) -> None:
        """See that a plan is the one that the search began with, but for the number of trials.

        Raises
        ------
        MelganVcError
            If there is no search, or it began otherwise; the message names what differs.
        """
        try:
            before = json.loads(self.plan_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise MelganVcError(
                f"Expected a search to go on with, received: {self.path} (there is no {self.plan_file.name} in it)"
            ) from None
        except (OSError, ValueError) as error:
            raise MelganVcError(f"Could not read {self.plan_file}: {error}") from None
        with contextlib.suppress(MelganVcError):  # a config that is none differs
            before["config"] = RunConfig.from_json(json.dumps(before["config"])).model_dump(mode="json")
        differences = _differences(before, plan.to_values())
        if differences:
            raise MelganVcError(
                f"Expected the command that {self.path} began with, received: {'; '.join(differences)}. Scores of "
                "other settings cannot be compared; only --trials can be asked anew."
            )

    def _write(self, plan: SearchPlan) -> None:
        with replacing(self.plan_file) as partial:
            partial.write_text(json.dumps(plan.to_values(), indent=2) + "\n", encoding="utf-8")


def _differences(before: dict, now: dict, prefix: str = "") -> list[str]:
    found = []
    for key in [*before, *(key for key in now if key not in before)]:
        path, old, new = f"{prefix}{key}", before.get(key), now.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            found += _differences(old, new, f"{path}." if key != "config" else "")
        elif old != new and path != "trials":
            found.append(f"{path} {new} (it began with {old})")
    return found
