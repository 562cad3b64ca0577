"""The forward pass of a network that conversion calls again and again."""

from collections.abc import Callable

import keras


def compiled(network: keras.Model, *, graph: bool = False) -> Callable:
    """The forward pass with the weights of the moment: compiled where that is how anything runs, else plain.

    ``graph`` compiles it on TensorFlow too, once for inputs of all lengths: worth it for networks of many small
    layers. On JAX each length is compiled anew, see `compiles_each_length`.
    """
    if keras.backend.backend() == "jax":
        import jax

        forward = jax.jit(lambda t, o, inputs: network.stateless_call(t, o, inputs, training=False)[0])
        groups = network.trainable_variables, network.non_trainable_variables
        return lambda inputs: forward(*([v.value for v in variables] for variables in groups), inputs)
    if not graph:
        return lambda inputs: network(inputs, training=False)
    import tensorflow as tf

    signature = [tf.TensorSpec(tensor.shape, tensor.dtype) for tensor in network.inputs]
    alone = len(signature) == 1
    forward = tf.function(
        lambda *inputs: network(inputs[0] if alone else [*inputs], training=False), input_signature=signature
    )
    return lambda inputs: forward(*inputs) if isinstance(inputs, (list, tuple)) else forward(inputs)


def compiles_each_length() -> bool:
    """Whether a compiled forward pass is compiled for each length that comes, so that one length serves best."""
    return keras.backend.backend() == "jax"
