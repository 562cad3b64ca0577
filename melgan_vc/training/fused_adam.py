"""Adam on TensorFlow with one kernel for each variable."""

import keras
import tensorflow as tf


class FusedAdam(keras.optimizers.Adam):
    """`keras.optimizers.Adam` in one pass over each variable instead of about ten.

    The same arithmetic, by the kernel that TensorFlow has for it: the many small operations of Keras are a tenth of a
    step of the smaller networks on a CPU.
    """

    def update_step(self, gradient, variable, learning_rate):
        """Update a ``tf.Variable`` from its gradient."""
        index = self._get_variable_index(variable)
        step = tf.cast(self.iterations.value + 1, variable.dtype)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[index].value.handle,
            v=self._velocities[index].value.handle,
            beta1_power=tf.pow(self.beta_1, step),
            beta2_power=tf.pow(self.beta_2, step),
            lr=tf.cast(learning_rate, variable.dtype),
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=tf.cast(tf.convert_to_tensor(gradient), variable.dtype),
        )
