"""Where a training stands: the counters that all callbacks share."""

import time
from dataclasses import dataclass, field

import keras


@dataclass
class Progress:
    """Counters of one training, kept on the host so that nobody has to ask the device.

    Attributes
    ----------
    step : int
        Batches trained on; goes back at a rollback.
    batches : int
        Batches drawn from the corpus; never goes back, so that a rollback is not led into the same batches.
    steps : int
        The step at which training ends.
    minutes : float or None
        Minutes after which this training ends, whichever comes first.
    stopped_because : str or None
        Why training stopped before its end.
    """

    step: int
    batches: int
    steps: int
    minutes: float | None = None
    stopped_because: str | None = None
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Seconds since this training started."""
        return time.monotonic() - self.started


class ProgressCallback(keras.callbacks.Callback):
    """A callback that shares the training's `Progress`."""

    def __init__(self, progress: Progress):
        super().__init__()
        self.progress = progress


class Counter(ProgressCallback):
    """Counts batches and ends the training on time. The first of the callbacks."""

    def on_train_batch_end(self, batch, logs=None):
        self.progress.step += 1
        self.progress.batches += 1
        if self.progress.step >= self.progress.steps:
            self.model.stop_training = True
        if self.progress.minutes is not None and self.progress.seconds >= 60.0 * self.progress.minutes:
            # Who was asked to stop during the last batch says so, or a search would go on after Ctrl-C.
            self.progress.stopped_because = (
                self.progress.stopped_because or f"its time of {self.progress.minutes:g} min is over"
            )
            self.model.stop_training = True
