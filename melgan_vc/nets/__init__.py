"""Architectures: each a plain function that returns a functional ``keras.Model``.

Mel bins are channels. A Conv2D whose kernel spans all mel bins is a Conv1D over time, and is written as one:
the whole training step is no slower on TensorFlow and many times faster on JAX.
"""
