"""Training speed, on random batches: every method against a plain loop, the `paper` preset as published.

The plain loop is what one would write for a method alone: its networks and its losses in one ``tf.function`` with one
persistent tape, and a Keras Adam for each player with the same settings. What the framework adds, turns, figures for
the log and a batch counter, must not cost anything.

The published step is that of `published_step.py`. A last table has mixed precision against float32.

Contenders take turns within one run, so that whatever else the machine does slows both alike; the figures are
medians over cycles of three batches (two critic steps and one of all players), and the speed-up is the median over
neighbouring turns.

``python benchmarks/training_step.py`` prints the figures.
"""

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from published_step import PublishedStep
from random_batch import random_batch

from melgan_vc.config.method_folders import method_names
from melgan_vc.config.run import RunConfig
from melgan_vc.methods.base import Method
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_method
from melgan_vc.training.trainer import Trainer

CYCLE = 3


def _tensors(method: Method) -> tuple[tf.Tensor, ...]:
    return tuple(tf.constant(array) for array in random_batch(method))


def published_cycle():
    """A function that trains the published networks on three batches of the `paper` preset's shape."""
    step = PublishedStep(192)
    # The published pictures are (mels, frames, 1).
    pictures = [tf.transpose(x, (0, 2, 1))[..., None] for x in _tensors(build_method(preset("paper")))]

    def cycle():
        step.critic_step(*pictures)
        step.critic_step(*pictures)
        return float(step.full_step(*pictures))

    return cycle


def plain_cycle(config: RunConfig):
    """A function that trains a method's networks on three batches without the framework; all players move on each."""
    method = build_method(config)
    variables, optimizers = {}, {}
    for player, networks in method.players.items():
        variables[player] = [variable for network in networks for variable in network.trainable_variables]
        settings = config.training.players[player]
        averaged = method.network in networks and config.training.ema
        optimizers[player] = keras.optimizers.Adam(
            settings.learning_rate,
            beta_1=0.5,
            beta_2=0.999,
            global_clipnorm=settings.clip_norm,
            use_ema=bool(averaged),
            ema_momentum=averaged or 0.99,
        )
        optimizers[player].build(variables[player])
    batch = _tensors(method)

    @tf.function
    def step(batch, number):
        with tf.GradientTape(persistent=True) as tape:
            losses, _ = method.losses(batch, tuple(variables), number)
        for player, own in variables.items():
            optimizers[player].apply(tape.gradient(losses[player], [variable.value for variable in own]))
        return losses["generator"]

    def cycle():
        for _ in range(CYCLE):
            loss = step(batch, tf.constant(0))
        return float(loss)

    return cycle


def framework_cycle(config: RunConfig):
    """A function that trains a method's networks on three batches, through the function that ``fit`` calls."""
    trainer = Trainer(config)
    batch = _tensors(trainer.method)
    batches = iter(tf.data.Dataset.from_tensors((batch,)).repeat())
    trainer.make_train_function()

    def cycle():
        for _ in range(CYCLE):
            logs = trainer.train_function(batches)
        return float(logs["generator_loss"])

    return cycle


def steps_per_second(baseline: str, contender: str, cycles: dict, *, repeats: int) -> dict[str, float]:
    """Median training steps per second of both, which take turns, and the median speed-up of neighbouring turns."""
    seconds = {name: [] for name in (baseline, contender)}
    for repeat in range(repeats + 1):
        for name, values in seconds.items():
            start = time.perf_counter()
            cycles[name]()
            if repeat:  # the first compiles
                values.append(time.perf_counter() - start)
    ratios = np.divide(seconds[baseline], seconds[contender])
    rates = {name: CYCLE / float(np.median(values)) for name, values in seconds.items()}
    return rates | {f"{contender}_speedup": float(np.median(ratios))}


def measure(*, repeats: int = 9) -> dict[str, float]:
    """Steps per second and their ratios.

    Parameters
    ----------
    repeats : int
        Timed cycles of each contender, three batches each.

    Returns
    -------
    dict
        For each method with its preset `voice`, ``<method>_plain``, ``<method>`` (this framework) and
        ``<method>_speedup``; ``published``, ``paper`` (this framework) and ``paper_speedup``; and for `voice` and
        `paper`, ``<preset>_float32``, ``<preset>_bfloat16`` and ``<preset>_bfloat16_speedup``.
    """
    keras.utils.set_random_seed(0)
    result = {}
    for method in method_names():
        config = preset("voice", method)
        cycles = {f"{method}_plain": plain_cycle(config), method: framework_cycle(config)}
        result |= steps_per_second(*cycles, cycles, repeats=repeats)
    cycles = {"published": published_cycle(), "paper": framework_cycle(preset("paper"))}
    result |= steps_per_second(*cycles, cycles, repeats=repeats)
    for name in ("voice", "paper"):
        float32 = preset(name)
        bfloat16 = float32.with_overrides(["training.mixed_precision=true"])
        cycles = {f"{name}_float32": framework_cycle(float32), f"{name}_bfloat16": framework_cycle(bfloat16)}
        result |= steps_per_second(*cycles, cycles, repeats=max(3, repeats // 2))
    return result


if __name__ == "__main__":
    for figure, value in measure().items():
        print(f"{figure:24} {value:8.2f} {'x' if figure.endswith('speedup') else 'steps/s'}")
