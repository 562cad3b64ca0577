"""Warnings of the two failures that users of such GANs report most."""

from melgan_vc.training.progress import Progress, ProgressCallback


class TroubleWarnings(ProgressCallback):
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
            float(logs.get("critic_loss", 1.0)) < 0.02,
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
