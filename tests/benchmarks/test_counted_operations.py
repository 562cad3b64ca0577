"""The operations of a step on TensorFlow, counted by hand."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def count(monkeypatch):
    """``count(function, *arrays)``: operations of the function and its gradients."""
    import tensorflow as tf

    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from gpu_steps import _operation_flops

    def counted(function, *arrays):
        def gradients(*tensors):
            with tf.GradientTape() as tape:
                tape.watch(tensors)
                loss = tf.reduce_sum(function(*tensors) ** 2)
            return tape.gradient(loss, tensors)

        graph = tf.function(gradients).get_concrete_function(*map(tf.constant, arrays)).graph
        return sum(_operation_flops(operation) for operation in graph.get_operations())

    yield counted
    for name in ("gpu_steps", "conversion", "random_batch"):
        sys.modules.pop(name, None)


def test_forward_and_both_gradients_are_as_many_each(count, draw):
    from keras import ops

    x, matrix = draw.standard_normal((4, 20, 8)).astype("f"), draw.standard_normal((8, 5)).astype("f")
    assert count(ops.matmul, x, matrix) == 3 * 2 * 4 * 20 * 8 * 5
    kernel = draw.standard_normal((7, 8, 6)).astype("f")
    assert count(lambda x, k: ops.conv(x, k, padding="same"), x, kernel) == 3 * 2 * 4 * 20 * 7 * 8 * 6
    kernel = draw.standard_normal((7, 8, 1)).astype("f")
    assert count(lambda x, k: ops.depthwise_conv(x, k, padding="same"), x, kernel) == 3 * 2 * 4 * 20 * 7 * 8
