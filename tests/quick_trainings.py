"""What makes trainings of a few steps quick: what they trace is what takes their time.

It is imported into a test's own process, and into those that a test starts.
"""

import collections
import gc
import json
import os

import numpy as np


def collect_garbage_rarely() -> None:
    """Graphs are large and live long: to look for rubbish takes an eighth of the time of tracing them."""
    gc.set_threshold(50_000, 20, 1_000_000)


def make_trainings_quick() -> None:
    """For all trainings of this process to come; what is changed already stays as it is."""
    from melgan_vc.training import train as training

    if isinstance(training.Trainer, SharedTrainers):
        return
    training.Trainer = SharedTrainers(training.Trainer)
    if os.environ["KERAS_BACKEND"] == "tensorflow":
        import tensorflow

        # Optimising a graph takes a third of a first step, and makes the hundredth a tenth faster at best.
        tensorflow.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})


class SharedTrainers:
    """Makes trainers for trainings, each once: another training of the same settings gets it as it was at first.

    Tracing the step and optimising its graph takes 4 to 8 seconds, as long as a hundred steps of small networks.
    """

    MOST = 4
    FREE = ("steps", "report_every", "checkpoint_every", "sample_every", "keep_checkpoints")
    """Settings of a training that its trainer does not know."""

    def __init__(self, build):
        self.build = build
        self.known = collections.OrderedDict()

    def __call__(self, config):
        key = json.dumps(config.model_dump(exclude={"preset": True, "training": set(self.FREE)}))
        if key not in self.known:
            trainer = self.build(config)
            variables = [*trainer.variables_of_networks(), *trainer.optimizer.variables, *trainer.metrics_variables]
            start = [(variable, np.array(variable)) for variable in variables]
            self.known[key] = trainer, start, dict(vars(trainer.method))
            if len(self.known) > self.MOST:
                self.known.popitem(last=False)
            return trainer
        self.known.move_to_end(key)
        trainer, start, attributes = self.known[key]
        for variable, value in start:
            variable.assign(value)
        vars(trainer.method).clear()
        vars(trainer.method).update(attributes)
        trainer.config = trainer.method.config = config
        return trainer
