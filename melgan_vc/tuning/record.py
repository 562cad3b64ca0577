"""What became of a trial: ``trial.json`` in its run folder."""

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from melgan_vc.atomic import replacing

NAME = "trial.json"


@dataclass(frozen=True)
class TrialRecord:
    """A trial that has ended, well or not.

    Attributes
    ----------
    number : int
        Counted from 1.
    values : dict
        Its hyperparameters by name.
    overrides : list of str
        The settings that the search space made of them.
    score : float or None
        What the search maximises; None for a trial that failed.
    figures : dict of str to float
        What the score is made of.
    step : int
        Steps trained.
    seconds : float
        Seconds trained.
    failure : str or None
        Why it failed.
    """

    number: int
    values: dict[str, Any]
    overrides: list[str] = field(default_factory=list)
    score: float | None = None
    figures: dict[str, float] = field(default_factory=dict)
    step: int = 0
    seconds: float = 0.0
    failure: str | None = None

    def save(self, run: Path) -> None:
        """Write it into the trial's run folder."""
        with replacing(run / NAME) as partial:
            partial.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, run: Path) -> Self:
        """Read it from the trial's run folder."""
        return cls(**json.loads((run / NAME).read_text(encoding="utf-8")))


def records_of(folder: Path) -> list[TrialRecord]:
    """Every trial of a search that has ended: the best first, the failed ones last."""
    records = [TrialRecord.load(path.parent) for path in folder.glob(f"trial-*/{NAME}")]
    return sorted(records, key=lambda record: (-(-math.inf if record.score is None else record.score), record.number))
