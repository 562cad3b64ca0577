"""Penalties on a critic's slope, on either backend."""

from collections.abc import Callable

import keras
from keras import ops

if keras.backend.backend() == "jax":
    import jax

    def _gradient(function: Callable, inputs):
        return jax.grad(lambda given: ops.sum(function(given)))(inputs)

else:
    import tensorflow as tf

    def _gradient(function: Callable, inputs):
        inputs = ops.convert_to_tensor(inputs)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            total = ops.sum(function(inputs))
        return tape.gradient(total, inputs)


def r1_penalty(score: Callable, real):
    r"""Mean square of the slope of a critic at real windows, :math:`\tfrac12 E[\lVert\nabla C(b)\rVert^2]`.

    Mescheder et al. 2018, "Which training methods for GANs do actually converge?", eq. 9.

    Parameters
    ----------
    score : callable
        Maps windows ``(B, T, M)`` to scores ``(B, ...)``; a window's score is their mean. It must leave no trace: no
        spectral norm that moves on.
    real : tensor
        Windows ``(B, T, M)``.

    Returns
    -------
    scalar tensor, at least 0.
    """
    return 0.5 * ops.mean(_square_slope(score, real))


def wasserstein_penalty(score: Callable, real, fake, mixing):
    r"""Mean square of how far the slope of a critic is from 1, :math:`E[(\lVert\nabla C(m)\rVert - 1)^2]`.

    Gulrajani et al. 2017, "Improved training of Wasserstein GANs", eq. 3: :math:`m` lies anywhere between a real
    window and a generated one. Both have to be of the domain that the critic judges.

    Parameters
    ----------
    score : callable
        As for `r1_penalty`.
    real, fake : tensor
        Windows ``(B, T, M)``.
    mixing : tensor
        Shape ``(B, 1, 1)``, uniform in [0, 1]: the share of the real window.

    Returns
    -------
    scalar tensor, at least 0.
    """
    slope = ops.sqrt(_square_slope(score, mixing * real + (1.0 - mixing) * fake) + 1e-12)
    return ops.mean(ops.square(slope - 1.0))


def _square_slope(score: Callable, windows):
    """For each window, the squared norm of the gradient of its mean score."""

    def mean_score(given):
        return ops.mean(ops.reshape(score(given), (ops.shape(given)[0], -1)), axis=1)

    return ops.sum(ops.square(_gradient(mean_score, windows)), axis=(1, 2))
