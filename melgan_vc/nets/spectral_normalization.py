"""Convolutions and dense layers whose kernel is divided by its largest singular value."""

import keras
from keras import ops


def _power_iteration(matrix, u):
    """One step of power iteration on ``matrix`` (rows, columns) from ``u`` (1, columns)."""
    v = ops.normalize(ops.matmul(u, ops.transpose(matrix)), axis=-1)
    return v, ops.normalize(ops.matmul(v, matrix), axis=-1)


class _SpectralNormalized:
    """Mix-in for a layer with a ``kernel`` whose last axis is its features.

    The kernel is divided by its largest singular value as a matrix ``(-1, features)``. The power iteration
    advances once in each *training* call; at inference it starts from the stored vector and stores nothing, so
    that the output never drifts between calls. Gradients flow through the kernel, not through the vectors
    (Miyato et al. 2018, "Spectral Normalization for GANs"; the published MelGAN-VC code differentiates the
    iteration as well, and advances it at inference).
    """

    def build(self, input_shape):
        super().build(input_shape)
        self.u = self.add_weight(
            name="u",
            shape=(1, self.kernel.shape[-1]),
            initializer="random_normal",
            trainable=False,
            dtype="float32",
            autocast=False,
        )

    def call(self, inputs, training=False):
        kernel = ops.cast(self.kernel, "float32")
        matrix = ops.reshape(kernel, (-1, kernel.shape[-1]))
        v, u = _power_iteration(ops.stop_gradient(matrix), ops.convert_to_tensor(self.u))
        if training:
            self.u.assign(u)
        sigma = ops.maximum(ops.sum(ops.matmul(v, matrix) * u), 1e-12)
        outputs = self._apply_kernel(inputs, ops.cast(kernel / sigma, inputs.dtype))
        if self.use_bias:
            outputs = outputs + ops.cast(self.bias, outputs.dtype)
        return outputs if self.activation is None else self.activation(outputs)

    # Keras's convolution and dense layers store the kernel and the bias by name, and would leave ``u`` out.
    def save_own_variables(self, store):
        keras.layers.Layer.save_own_variables(self, store)

    def load_own_variables(self, store):
        keras.layers.Layer.load_own_variables(self, store)


@keras.saving.register_keras_serializable("melgan_vc")
class SpectralConv1D(_SpectralNormalized, keras.layers.Conv1D):
    """`keras.layers.Conv1D` with a spectrally normalised kernel; ``(B, T, C) -> (B, T', filters)``."""

    def _apply_kernel(self, inputs, kernel):
        return self.convolution_op(inputs, kernel)


@keras.saving.register_keras_serializable("melgan_vc")
class SpectralDense(_SpectralNormalized, keras.layers.Dense):
    """`keras.layers.Dense` with a spectrally normalised kernel; ``(B, C) -> (B, units)``."""

    def _apply_kernel(self, inputs, kernel):
        return ops.matmul(inputs, kernel)
