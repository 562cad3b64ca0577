"""Nothing is lost: checkpoints, a rollback from a diverged training, an end at Ctrl-C."""

import math
import signal
import threading

import numpy as np

from melgan_vc.errors import MelganVcError
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.training.checkpoints import Checkpoints
from melgan_vc.training.progress import Progress, ProgressCallback

_CHECK_EVERY = 10
_EXPLODED = 1e5

ASKED = "you asked it to stop"
"""Why a training ended that a signal ended."""

ADVICE = (
    "The training diverged again from its last good checkpoint, so it has stopped. Try a lower learning rate "
    "(--set training.{first}.learning_rate=1e-4 --set training.critic.learning_rate=1e-4), gradient clipping "
    "(--set training.critic.clip_norm=1), float32 (--set training.mixed_precision=false), and look for damaged "
    "audio with `melgan-vc inspect`."
)


class Safety(ProgressCallback):
    """Saves checkpoints of finite states only; goes back to the last one when a loss is NaN or explodes.

    Parameters
    ----------
    progress : Progress
        The shared counters.
    folder : RunFolder
        Where checkpoints and weights go.
    checkpoints : Checkpoints
        Must hold one to fall back to when training begins.
    every : int
        Steps between checkpoints.
    say : callable
        Prints a line for the user.
    """

    def __init__(self, progress: Progress, folder: RunFolder, checkpoints: Checkpoints, *, every: int, say):
        super().__init__(progress)
        self.folder = folder
        self.checkpoints = checkpoints
        self.every = every
        self.say = say
        self.rollbacks = 0
        self._saved_at = None

    def on_train_batch_end(self, batch, logs=None):
        due = self.progress.step % self.every == 0 or self.progress.step >= self.progress.steps
        if not (due or self.progress.batches % _CHECK_EVERY == 0):
            return
        losses = {name: float(value) for name, value in logs.items() if name.endswith("_loss")}
        broken = [f"{n}={v:g}" for n, v in losses.items() if not math.isfinite(v) or abs(v) > _EXPLODED]
        if broken:
            self._roll_back(", ".join(broken))
        elif due:
            self.save()

    def on_train_end(self, logs=None):
        if self.rollbacks < 2 and self._saved_at != self.progress.batches:
            self.save()

    def save(self) -> None:
        """Save a checkpoint and the weights for conversion, unless a weight is not finite."""
        if not self._finite():
            self._roll_back("a weight is not finite")
            return
        network = self.model.averaged_network()
        self.checkpoints.save(self.model, batches=self.progress.batches, network=network)
        self.folder.save_weights(network)
        self._saved_at = self.progress.batches

    def _finite(self) -> bool:
        self.model.synchronise()
        return all(np.isfinite(np.asarray(v)).all() for v in self.model.variables_of_networks())

    def _roll_back(self, reason: str) -> None:
        self.rollbacks += 1
        if self.rollbacks > 1:
            first = next(iter(self.model.method.players))
            raise MelganVcError(f"At step {self.progress.step}: {reason}. {ADVICE.format(first=first)}")
        place = self.checkpoints.latest(self.say)
        step = self.progress.step
        self.checkpoints.restore(self.model, place)
        self.model.reset_metrics()
        self.progress.step = self.model.step
        # What diverged on the last step has steps to go again; an end that was asked for stays one.
        self.model.stop_training = self.progress.stopped_because is not None
        self.say(
            f"[yellow]The training diverged at step {step} ({reason}): back to the checkpoint of step "
            f"{self.progress.step}, on with other batches.[/]"
        )


class Interruptible(ProgressCallback):
    """Ctrl-C, termination and a closed terminal end the training after the batch in hand.

    A second Ctrl-C ends it at once. Nothing else does: a terminal that is closed may say so twice. Under ``nohup`` it
    ends nothing.

    Parameters
    ----------
    progress : Progress
        The shared counters.
    stop : threading.Event, optional
        Ends the training in the same way once another thread has set it.
    """

    def __init__(self, progress: Progress, stop: threading.Event | None = None):
        super().__init__(progress)
        self._asked = stop or threading.Event()
        self._before = {}

    def on_train_begin(self, logs=None):
        # Signals reach the main thread only; elsewhere (a notebook's worker, a tuner) nothing is changed.
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._signalled)

    def on_train_batch_end(self, batch, logs=None):
        if self._asked.is_set():
            self._stop()

    def _signalled(self, number, frame):
        if self.progress.stopped_because and number == signal.SIGINT:
            raise KeyboardInterrupt
        self._stop()

    def _stop(self):
        self.progress.stopped_because = self.progress.stopped_because or ASKED
        self.model.stop_training = True

    def on_train_end(self, logs=None):
        self.restore()

    def restore(self) -> None:
        """Put the signal handlers back that were there before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
