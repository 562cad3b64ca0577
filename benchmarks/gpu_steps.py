"""What `gpu.py` times, on either backend: training steps, conversions, and a large matrix product."""

import contextlib
import tempfile
import time
from pathlib import Path

import keras
import numpy as np
from conversion import DEMO, make_run
from random_batch import random_batch

from melgan_vc.audio.files import find_audio, read
from melgan_vc.audio.mel import log_mel
from melgan_vc.config.run import RunConfig
from melgan_vc.methods.loading import load_conversion
from melgan_vc.methods.presets import preset
from melgan_vc.pretrained.vocoders import load_vocoder
from melgan_vc.training.trainer import Trainer
from melgan_vc.vocoders.griffin_lim import GriffinLim

JAX = keras.backend.backend() == "jax"


class TrainingStep:
    """A method's training step: the function that ``fit`` calls, compiled as ``fit`` compiles it.

    Attributes
    ----------
    flops : float
        Floating-point operations in a step. They are counted in the step as it was written, forward, backward and
        update, before a compiler changes it: what a device does beyond that, such as a depthwise convolution computed
        as a full one, is not work that was asked for. On JAX XLA's analysis counts every operation, Fourier
        transforms too; on TensorFlow only matrix products and convolutions are counted, nearly all of the networks.
    """

    def __init__(self, config: RunConfig):
        self.config, self.trainer = config, Trainer(config)
        self.batch = random_batch(self.trainer.method)
        if len(set(self.trainer.optimizer.turns)) > 1:
            raise ValueError("Expected players that all move on each batch, received: a config where they take turns")
        self._step, self.flops = (_step_on_jax if JAX else _step_on_tensorflow)(self.trainer, self.batch)

    @property
    def audio_seconds(self) -> float:
        """Seconds of audio in a batch, of one domain's windows."""
        config = self.config
        return config.training.batch_size * config.method.width / config.mel.frames_per_second

    def __call__(self, steps: int) -> None:
        """Train for some steps, and wait until the device has done them."""
        for _ in range(steps):
            logs = self._step()
        loss = float(logs["generator_loss"])
        if not np.isfinite(loss):
            raise RuntimeError(f"Expected a finite loss of {self.config.method.name}, received: {loss}")


def _step_on_jax(trainer: Trainer, batch: tuple):
    """A function that trains and returns the log, and its operations."""
    import jax

    groups = (trainer.trainable_variables, trainer.non_trainable_variables)
    groups += (trainer.optimizer.variables, trainer.metrics_variables)
    # Copies: the step may write over what it is given, and the networks are looked at again.
    state = tuple([jax.numpy.array(variable.value) for variable in variables] for variables in groups)
    lowered = jax.jit(trainer._step(trainer.optimizer.turns[0]), donate_argnums=0).lower(state, (batch,))
    compiled = lowered.compile()

    def step():
        nonlocal state
        logs, state = compiled(state, (batch,))
        return logs

    # Of the lowered step: XLA's analysis does not look into the library calls that a compiled one has on a GPU.
    return step, lowered.cost_analysis()["flops"]


def _step_on_tensorflow(trainer: Trainer, batch: tuple):
    """A function that trains and returns the log, and its operations."""
    import tensorflow as tf

    data = (tuple(tf.constant(array) for array in batch),)
    concrete = trainer._compiled_step(trainer.optimizer.turns[0]).get_concrete_function(data)
    flops = sum(_operation_flops(operation) for operation in concrete.graph.get_operations())
    return lambda: concrete(data), flops


def _operation_flops(operation) -> float:
    """Of a matrix product, a convolution or a gradient of one; 0 for anything else."""
    kind, inputs = operation.type, operation.inputs
    if kind in ("MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3"):
        transposed = operation.get_attr("transpose_a" if kind == "MatMul" else "adj_x")
        inner = inputs[0].shape[-2 if transposed else -1]
        return 2.0 * inner * _size(operation.outputs[0].shape)
    if "Conv2D" not in kind and "DepthwiseConv2d" not in kind:
        return 0.0
    # What a convolution puts out, or in a gradient what arrives there, each a sum over the taps that reach it.
    if kind.endswith("BackpropFilter"):
        filters, seen = operation.outputs[0].shape, inputs[2].shape
    else:
        filters, seen = inputs[1].shape, (inputs[2] if kind.endswith("BackpropInput") else operation.outputs[0]).shape
    if filters.rank is None or not filters.is_fully_defined():
        import tensorflow as tf

        filters = tf.TensorShape(tf.get_static_value(inputs[1]))
    taps = filters[0] * filters[1] * (1 if kind.startswith("Depthwise") else filters[2])
    return 2.0 * taps * _size(seen)


def _size(shape) -> int:
    if not shape.is_fully_defined():
        raise RuntimeError(f"Expected shapes that are known before the step runs, received: {shape}")
    return shape.num_elements()


class MatrixProduct:
    """Products of square matrices, each of the last one's result: what the device does at its best."""

    def __init__(self, size: int, *, mixed: bool):
        draw = np.random.default_rng(0)
        arrays = (draw.standard_normal((2, size, size)) / np.sqrt(size)).astype(np.float32)
        self._one, self._other = (keras.ops.cast(array, "bfloat16" if mixed else "float32") for array in arrays)
        self.flops = 2.0 * size**3

    def __call__(self, steps: int) -> None:
        """Multiply again and again, and wait for the last."""
        product = self._one
        for _ in range(steps):
            product = keras.ops.matmul(product, self._other)
        float(keras.ops.convert_to_numpy(keras.ops.cast(product[0, 0], "float32")))


@contextlib.contextmanager
def conversions(name: str, seconds: float, methods: list[str]):
    """Functions that convert so much audio with untrained networks of a preset, by name.

    Translation alone of each method, log-mel to log-mel; Griffin-Lim; and a neural vocoder, its starting waveform
    included.
    """
    mel_config = preset(name).mel
    clips = [read(clip, rate=mel_config.rate, mono=True)[0] for clip in find_audio(DEMO / "female_ru")]
    mel = log_mel(np.resize(np.concatenate(clips), int(seconds * mel_config.rate)), mel_config)
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for method in methods:
            model = load_conversion(make_run(Path(folder), name, method))
            found[method] = lambda model=model: model.whole(mel)
        vocoder = load_vocoder(make_run(Path(folder), name, "vocoder"))
        griffin_lim = GriffinLim.on_best_device(mel_config)
        found["griffin_lim"] = lambda: griffin_lim.invert(mel)
        found["vocoder"] = lambda: vocoder.invert(mel)
        yield found


def seconds_of(call, *arguments) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - start
