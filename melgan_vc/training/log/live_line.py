"""One line that says where a training stands."""

import time

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as LiveProgress

from melgan_vc.training.progress import Progress, ProgressCallback


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
