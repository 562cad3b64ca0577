"""Training speed, on random batches: every method against a plain loop, the `paper` preset as published.

The plain loop is what one would write for a method alone: its networks and its losses in one ``tf.function`` with one
persistent tape, and a Keras Adam for each player with the same settings. What the framework adds, turns, figures for
the log and a batch counter, must not cost anything.

The published step (Pasini 2019) is written here as its notebook runs it: Conv2D over ``(mels, frames, 1)`` pictures,
spectral normalisation with a differentiated power iteration in every call of every layer, one generator call for
each third of each window, one critic call each for real and generated windows, one ``tf.function`` for the critic
alone and one for all players, which runs on every third batch. A last table has mixed precision against float32.

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
from keras import layers
from random_batch import random_batch

from melgan_vc.config.method import method_names
from melgan_vc.config.run import RunConfig
from melgan_vc.methods.base import Method
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_method
from melgan_vc.training.trainer import Trainer

CYCLE = 3
THIRD = 24


class PublishedConv2D(layers.Layer):
    """Conv2D (or a transposed one of stride 1) normalised as published; ``u`` moves in every training call."""

    def __init__(self, filters, kernel_size, *, stride=1, padding="same", transpose=False, use_bias=False):
        super().__init__()
        self.filters, self.kernel_size, self.stride = filters, kernel_size, stride
        self.padding, self.transpose, self.use_bias = padding.upper(), transpose, use_bias

    def build(self, shape):
        ends = (self.filters, shape[-1]) if self.transpose else (shape[-1], self.filters)
        self.kernel = self.add_weight(name="kernel", shape=(*self.kernel_size, *ends), initializer="he_uniform")
        self.u = self.add_weight(
            name="u", shape=(1, ends[-1]), initializer=keras.initializers.RandomNormal(), trainable=False
        )
        if self.use_bias:
            self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")

    def call(self, x):
        kernel = _normalised(self.kernel, self.u)
        if self.transpose:
            shape = tf.shape(x)
            output = tf.stack([shape[0], shape[1] + self.kernel_size[0] - 1, shape[2], self.filters])
            x = tf.nn.conv2d_transpose(x, kernel, output, strides=1, padding=self.padding)
        else:
            x = tf.nn.conv2d(x, kernel, strides=(1, self.stride), padding=self.padding)
        return x + self.bias if self.use_bias else x

    def compute_output_shape(self, shape):
        batch, height, width, _ = shape
        if self.transpose:
            return batch, height + self.kernel_size[0] - 1, width, self.filters
        if self.padding == "VALID":
            return batch, height - self.kernel_size[0] + 1, width - self.kernel_size[1] + 1, self.filters
        return batch, height, -(-width // self.stride), self.filters


class PublishedDense(layers.Layer):
    """One spectrally normalised unit with a bias."""

    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=(shape[-1], 1), initializer="he_uniform")
        self.u = self.add_weight(
            name="u", shape=(1, 1), initializer=keras.initializers.RandomNormal(), trainable=False
        )
        self.bias = self.add_weight(name="bias", shape=(1,), initializer="zeros")

    def call(self, x):
        return tf.matmul(x, _normalised(self.kernel, self.u)) + self.bias

    def compute_output_shape(self, shape):
        return shape[0], 1


def _normalised(kernel, u):
    matrix = tf.reshape(tf.convert_to_tensor(kernel), (-1, kernel.shape[-1]))
    v = tf.math.l2_normalize(tf.matmul(u, matrix, transpose_b=True))
    new_u = tf.math.l2_normalize(tf.matmul(v, matrix))
    u.assign(new_u)
    return kernel / tf.matmul(tf.matmul(v, matrix), new_u, transpose_b=True)[0, 0]


def _active(x, *, normalise=True):
    if normalise:
        x = layers.BatchNormalization()(x)
    return layers.LeakyReLU(negative_slope=0.2)(x)


def published_generator(mels: int, channels: int = 256) -> keras.Model:
    """U-Net on pictures ``(B, mels, 24, 1)``."""
    picture = keras.Input((mels, THIRD, 1))
    x = layers.ZeroPadding2D((0, 1))(picture)
    full = _active(PublishedConv2D(channels, (mels, 3), padding="valid")(x))
    half = _active(PublishedConv2D(channels, (1, 9), stride=2)(full))
    x = _active(PublishedConv2D(channels, (1, 7), stride=2)(half))
    x = _active(PublishedConv2D(channels, (1, 7))(layers.UpSampling2D((1, 2))(x)))
    x = layers.UpSampling2D((1, 2))(layers.Concatenate()([x, half]))
    x = _active(PublishedConv2D(channels, (1, 9))(x), normalise=False)
    x = layers.Concatenate()([x, full])
    x = PublishedConv2D(1, (mels, 1), padding="valid", transpose=True, use_bias=True)(x)
    return keras.Model(picture, layers.Activation("tanh")(x))


def published_siamese(mels: int, channels: int = 256) -> keras.Model:
    """Embeds ``(B, mels, 24, 1)`` as ``(B, 128)``, without spectral normalisation."""
    picture = x = keras.Input((mels, THIRD, 1))
    for kernel, stride, padding in (((mels, 3), 1, "valid"), ((1, 9), 2, "same"), ((1, 7), 2, "same")):
        options = {"use_bias": False, "kernel_initializer": "he_uniform"}
        x = _active(layers.Conv2D(channels, kernel, strides=(1, stride), padding=padding, **options)(x))
    return keras.Model(picture, layers.Dense(128)(layers.Flatten()(x)))


def published_critic(mels: int, channels: int = 512) -> keras.Model:
    """Scores ``(B, mels, 72, 1)`` as ``(B, 1)``."""
    picture = x = keras.Input((mels, 3 * THIRD, 1))
    for kernel, stride, padding in (((mels, 3), 1, "valid"), ((1, 9), 2, "same"), ((1, 7), 2, "same")):
        x = _active(PublishedConv2D(channels, kernel, stride=stride, padding=padding)(x), normalise=False)
    return keras.Model(picture, PublishedDense()(layers.Flatten()(x)))


class PublishedStep:
    """The published training loop's two functions."""

    def __init__(self, mels: int):
        self.generator = published_generator(mels)
        self.siamese = published_siamese(mels)
        self.critic = published_critic(mels)
        self.of_generator = self.generator.trainable_variables + self.siamese.trainable_variables
        self.of_critic = self.critic.trainable_variables
        self.generator_adam = keras.optimizers.Adam(2e-4, beta_1=0.5)
        self.critic_adam = keras.optimizers.Adam(2e-4, beta_1=0.5)
        self.generator_adam.build(self.of_generator)
        self.critic_adam.build(self.of_critic)

    def _translate(self, windows):
        return [self.generator(third, training=True) for third in tf.split(windows, 3, axis=2)]

    def _critic_loss(self, target, fake):
        fake_score = self.critic(tf.concat(fake, axis=2), training=True)
        real_score = self.critic(target, training=True)
        loss = tf.reduce_mean(tf.nn.relu(1.0 - real_score)) + tf.reduce_mean(tf.nn.relu(1.0 + fake_score))
        return 0.5 * loss, fake_score

    @tf.function
    def critic_step(self, source, target):
        """Move the critic."""
        fake = self._translate(source)
        with tf.GradientTape() as tape:
            loss, _ = self._critic_loss(target, fake)
        self.critic_adam.apply(tape.gradient(loss, [v.value for v in self.of_critic]))
        return loss

    @tf.function
    def full_step(self, source, target):
        """Move the generator with the siamese network, and the critic."""
        first, _, last = tf.split(source, 3, axis=2)
        with tf.GradientTape() as generator_tape, tf.GradientTape() as critic_tape:
            fake = self._translate(source)
            own = self._translate(target)
            critic_loss, fake_score = self._critic_loss(target, fake)
            t = self.siamese(first, training=True) - self.siamese(last, training=True)
            translated_t = self.siamese(fake[0], training=True) - self.siamese(fake[2], training=True)
            cosine = tf.reduce_sum(tf.math.l2_normalize(t, -1) * tf.math.l2_normalize(translated_t, -1), -1)
            travel = tf.reduce_mean((t - translated_t) ** 2) - tf.reduce_mean(cosine)
            margin = tf.reduce_mean(tf.nn.relu(2.0 - tf.norm(t, axis=-1)) ** 2)
            identity = sum(
                tf.reduce_mean(tf.abs(b - copy)) for b, copy in zip(tf.split(target, 3, axis=2), own, strict=True)
            )
            loss = -tf.reduce_mean(fake_score) + 10.0 * (travel + margin) + 0.5 * identity / 3.0
        self.generator_adam.apply(generator_tape.gradient(loss, [v.value for v in self.of_generator]))
        self.critic_adam.apply(critic_tape.gradient(critic_loss, [v.value for v in self.of_critic]))
        return loss


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
