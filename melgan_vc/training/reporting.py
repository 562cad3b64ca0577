"""What a person sees of a training: a live line, metrics.csv, TensorBoard curves, two warnings."""

import csv
import math
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as LiveProgress

from melgan_vc.atomic import replacing
from melgan_vc.training.progress import Progress, ProgressCallback
from melgan_vc.training.tensorboard_log import TensorboardLog


def clock(seconds: float) -> str:
    """Seconds as ``1:02:03`` or ``2:03``."""
    minutes, seconds = divmod(int(max(seconds, 0.0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


class LiveLine(ProgressCallback):
    """One line that is kept up to date: step, steps/s, time left, each loss. Without a terminal, a line a report."""

    def __init__(self, progress: Progress, console: Console, *, report_every: int):
        super().__init__(progress)
        self.console = console
        self.report_every = report_every
        self._bar = None

    def on_train_begin(self, logs=None):
        self._first, self._last_drawn = self.progress.step, 0.0
        self._bar = LiveProgress(
            BarColumn(bar_width=20), TextColumn("{task.description}"), console=self.console, transient=True
        )
        self._task = self._bar.add_task("starting: the first step takes longest", total=1.0)
        if self.console.is_terminal:
            self._bar.start()

    def on_train_batch_end(self, batch, logs=None):
        report = self.progress.step % self.report_every == 0
        if self.console.is_terminal and time.monotonic() - self._last_drawn > 0.5:
            self._last_drawn = time.monotonic()
            self._bar.update(self._task, description=self._line(logs), completed=self._share())
        if report and not self.console.is_terminal:
            self.console.print(self._line(logs), highlight=False, soft_wrap=True)

    def on_train_end(self, logs=None):
        self.close()

    def close(self) -> None:
        """Take the live line off the screen."""
        if self._bar is not None:
            self._bar.stop()

    def _share(self) -> float:
        share = self.progress.step / self.progress.steps
        if self.progress.minutes is not None:
            share = max(share, self.progress.seconds / (60.0 * self.progress.minutes))
        return min(share, 1.0)

    def _line(self, logs) -> str:
        done = max(self.progress.step - self._first, 1)
        speed = done / max(self.progress.seconds, 1e-9)
        left = (self.progress.steps - self.progress.step) / speed
        if self.progress.minutes is not None:
            left = min(left, 60.0 * self.progress.minutes - self.progress.seconds)
        losses = "  ".join(f"{name.replace('_', ' ')} {float(value):.3f}" for name, value in logs.items())
        return f"step {self.progress.step}/{self.progress.steps}  {speed:.2f} steps/s  {clock(left)} left  {losses}"


class MetricsLog(ProgressCallback):
    """Means since the last report, as a row of metrics.csv and a point on each TensorBoard curve.

    It resets the means, so it is the last of the callbacks that read them.
    """

    def __init__(self, progress: Progress, path: Path, board: TensorboardLog, *, every: int):
        super().__init__(progress)
        self.path = path
        self.board = board
        self.every = every

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

    def _append(self, row: dict) -> None:
        is_new = not self.path.exists()
        with open(self.path, "a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(row))
            if is_new:
                writer.writeheader()
            writer.writerow(row)

    def _forget_after(self, step: int) -> None:
        """Drop rows later than the checkpoint that training goes on from, and a half-written last one."""
        header, *rows = self.path.read_text(encoding="utf-8").splitlines() or [""]
        whole = [row for row in rows if row.count(",") == header.count(",")]
        if not header:  # killed before the first row was whole
            self.path.unlink()
            return
        kept = [
            header,
            *(row for row in whole if row.split(",")[0].isdigit() and int(row.split(",")[0]) <= step),
        ]
        with replacing(self.path) as partial:
            partial.write_text("\n".join(kept) + "\n", encoding="utf-8")


class Watch(ProgressCallback):
    """Warns, once each, of the two failures that users of such GANs report most."""

    def __init__(self, progress: Progress, *, every: int, say):
        super().__init__(progress)
        self.every = every
        self.say = say
        self._in_a_row = {"copy": 0, "critic": 0}

    def on_train_batch_end(self, batch, logs=None):
        # The generator starts as the identity; it is given a thousand steps to leave it.
        if self.progress.step % self.every or "copy" not in logs:
            return
        self._note(
            "copy",
            self.progress.step >= 1000 and float(logs["copy"]) < 0.01,
            "The output is almost the input (mean difference {copy:.4f} of 2). The style will not change: lower "
            "method.identity, or raise method.adversarial.",
            logs,
        )
        self._note(
            "critic",
            float(logs["critic_loss"]) < 0.02,
            "The critic has won: its loss is {critic_loss:.4f}, so the generator learns nothing from it. Lower "
            "training.critic.learning_rate, raise training.generator.learning_rate, or use more or cleaner data "
            "(a difference in bandwidth or noise between the folders gives the critic an easy win).",
            logs,
        )

    def _note(self, what: str, happens: bool, message: str, logs) -> None:
        self._in_a_row[what] = self._in_a_row[what] + 1 if happens else min(self._in_a_row[what], 0)
        if self._in_a_row[what] == 3:
            values = {name: float(value) for name, value in logs.items()}
            self.say(f"[yellow]Warning at step {self.progress.step}:[/] {message.format(**values)}")
            self._in_a_row[what] = -(10**9)  # once is enough
