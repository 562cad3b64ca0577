"""The published training step (Pasini 2019), as its notebook runs it.

Conv2D over ``(mels, frames, 1)`` pictures, spectral normalisation with a differentiated power iteration in every call
of every layer, one generator call for each third of each window, one critic call each for real and generated windows,
one ``tf.function`` for the critic alone and one for all players, which runs on every third batch.
"""

import keras
import tensorflow as tf
from keras import layers

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
