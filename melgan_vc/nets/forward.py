"""The forward pass of a network that conversion calls again and again."""

from collections.abc import Callable

import keras


def compiled(network: keras.Model, *, graph: bool = False) -> Callable:
    """The forward pass: compiled where that is how anything runs, plain where it starts sooner.

    ``graph`` compiles it on TensorFlow too, for each shape that comes: worth it for networks of many small layers
    that are always given the same shape.
    """
    if keras.backend.backend() == "jax":
        import jax

        trainable = [v.value for v in network.trainable_variables]
        other = [v.value for v in network.non_trainable_variables]
        forward = jax.jit(lambda t, o, inputs: network.stateless_call(t, o, inputs, training=False)[0])
        return lambda inputs: forward(trainable, other, inputs)
    if not graph:
        return lambda inputs: network(inputs, training=False)
    import tensorflow as tf

    return tf.function(lambda inputs: network(inputs, training=False), reduce_retracing=False)
