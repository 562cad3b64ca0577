"""Means of every figure, in metrics.csv and on TensorBoard's curves."""

import csv
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from melgan_vc.atomic import replacing
from melgan_vc.training.log.tensorboard import TensorboardLog
from melgan_vc.training.progress import Progress, ProgressCallback


class Report(NamedTuple):
    """Where a training stands.

    Attributes
    ----------
    step, steps : int
        Batches trained on, and to train on in all.
    seconds : float
        Since this training started.
    steps_per_second : float
        Since the last report.
    figures : dict of str to float
        Means of every loss and term since the last report, by name.
    """

    step: int
    steps: int
    seconds: float
    steps_per_second: float
    figures: dict[str, float]


class MetricsLog(ProgressCallback):
    """Means since the last report, as a row of metrics.csv and a point on each TensorBoard curve.

    It resets the means, so it is the last of the callbacks that read them.

    Parameters
    ----------
    progress : Progress
        The shared counters.
    path : Path
        Of metrics.csv.
    board : TensorboardLog
        For the curves.
    every : int
        Steps from one report to the next.
    listen : callable, optional
        Is given each `Report`.
    """

    def __init__(
        self,
        progress: Progress,
        path: Path,
        board: TensorboardLog,
        *,
        every: int,
        listen: Callable[[Report], None] | None = None,
    ):
        super().__init__(progress)
        self.path = path
        self.board = board
        self.every = every
        self.listen = listen

    def on_train_begin(self, logs=None):
        self._reported = self._seen = self.progress.step
        self._since = time.monotonic()
        if self.path.exists():
            self._forget_after(self.progress.step)

    def on_train_batch_end(self, batch, logs=None):
        rolled_back, self._seen = self.progress.step <= self._seen, self.progress.step
        if rolled_back:
            if self.path.exists():
                self._forget_after(self.progress.step)
            self._reported, self._since = self.progress.step, time.monotonic()
            return
        if self.progress.step % self.every:
            return
        values = {name: float(value) for name, value in logs.items()}
        self.model.synchronise()
        self.model.reset_metrics()
        if not all(map(math.isfinite, values.values())):
            return
        now = time.monotonic()
        speed = (self.progress.step - self._reported) / (now - self._since)
        self._reported, self._since = self.progress.step, now
        self._append({"step": self.progress.step, "steps_per_second": round(speed, 4), **values})
        self.board.scalars({f"losses/{name}": value for name, value in values.items()}, step=self.progress.step)
        self.board.scalars({"speed/steps_per_second": speed}, step=self.progress.step)
        if self.listen is not None:
            self.listen(Report(self.progress.step, self.progress.steps, self.progress.seconds, speed, values))

    def _append(self, row: dict) -> None:
        is_new = not self.path.exists()
        with open(self.path, "a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(row))
            if is_new:
                writer.writeheader()
            writer.writerow(row)

    def _forget_after(self, step: int) -> None:
        """Drop rows later than the checkpoint that training goes on from, and a half-written last one."""
        whole_lines = self.path.read_text(encoding="utf-8").rpartition("\n")[0]
        header, *rows = whole_lines.splitlines() or [""]
        whole = [row for row in rows if row.count(",") == header.count(",")]
        if not header.startswith("step"):  # killed before the first row was whole, or zeros after a power cut
            self.path.unlink()
            return
        kept = [
            header,
            *(row for row in whole if row.split(",")[0].isdigit() and int(row.split(",")[0]) <= step),
        ]
        with replacing(self.path) as partial:
            partial.write_text("\n".join(kept) + "\n", encoding="utf-8")
