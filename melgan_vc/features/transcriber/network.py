"""Basic-pitch's network as a Keras model: it runs wherever the networks do."""

import keras
import numpy as np
from keras import layers, ops

from melgan_vc.features.transcriber.weights import FRAMES, HOP_LENGTH, KEYS, WINDOW

_OCTAVES, _FILTER = 9, 256
_HARMONICS = (-36, 0, 36, 57, 72, 84, 93, 101)  # the octave below, and harmonics 1 to 7, in thirds of semitones
_BINS = 3 * KEYS
_QUIETEST = 1e-10


def build_transcriber(weights: dict[str, np.ndarray]) -> keras.Model:
    """The network of Bittner et al. 2022 [1]_, with these weights: ``(B, 43844)`` to ``(B, 172, 2, 88)``.

    A constant-Q transform of three bins a semitone, in decibels from the least to the greatest of its window;
    harmonics of a bin beside it; and convolutions of time and bins, which tell contours, of these notes, and of
    those and the harmonics onsets.

    References
    ----------
    .. [1] R. M. Bittner et al., "A lightweight instrument-agnostic model for polyphonic note transcription and
       multipitch estimation", ICASSP 2022.
    """
    wave = keras.Input((WINDOW,), name="wave")
    spectrum = _ConstantQ(*(weights[name] for name in ("cosine/kernel", "sine/kernel", "low_pass/kernel", "scale")))
    x = spectrum(wave) * float(weights["gain"][0]) + float(weights["offset"][0])
    x = _Harmonics()(x)

    def convolution(name: str, activation: str, stride: int = 1) -> layers.Layer:
        kernel, bias = weights[f"{name}/kernel"], weights[f"{name}/bias"]
        options = {"strides": (1, stride), "padding": "same", "activation": activation, "name": name}
        layer = layers.Conv2D(kernel.shape[-1], kernel.shape[:2], **options)
        layer.build((None, None, None, kernel.shape[2]))
        layer.set_weights([kernel, bias])
        return layer

    contour = convolution("contour", "sigmoid")(convolution("contour_in", "relu")(x))
    note = convolution("note", "sigmoid")(convolution("note_in", "relu", stride=3)(contour))
    beside = layers.Concatenate()([note, convolution("onset_in", "relu", stride=3)(x)])
    onset = convolution("onset", "sigmoid")(beside)
    both = layers.Permute((1, 3, 2))(layers.Concatenate()([note, onset]))
    return keras.Model(wave, both, name="transcriber")


class _ConstantQ(layers.Layer):
    """Waves ``(B, 43844)`` to 309 bins ``(B, 172, 309, 1)`` from 0 to 1, the lowest first.

    The highest octave is a short-time transform of few samples; those below it are the same one of the wave at half
    the rate, and so on (Brown and Puckette 1992).
    """

    def __init__(self, cosine, sine, low_pass, scale):
        super().__init__(name="constant_q")
        self._waves = np.concatenate([cosine, sine], axis=-1)[0]  # (256, 1, 72)
        self._low_pass = low_pass[0]
        self._scale = scale

    def call(self, wave):
        x, octaves = wave[..., None], []
        for octave in range(_OCTAVES):
            around = ops.pad(x, ((0, 0), (_FILTER // 2, _FILTER // 2), (0, 0)), mode="reflect")
            octaves.append(ops.conv(around, self._waves, strides=HOP_LENGTH >> octave, padding="valid"))
            beside = ops.pad(x, ((0, 0), (_FILTER // 2 - 1, _FILTER // 2 - 1), (0, 0)))
            x = ops.conv(beside, self._low_pass, strides=2, padding="valid")
        parts = [ops.split(octave, 2, axis=-1) for octave in reversed(octaves)]
        real, imaginary = (
            ops.concatenate(part, axis=-1)[..., -len(self._scale) :] for part in zip(*parts, strict=True)
        )
        power = ops.square(real * self._scale) + ops.square(imaginary * self._scale)
        decibels = 10.0 * ops.log10(power + _QUIETEST)
        decibels = decibels - ops.min(decibels, axis=(1, 2), keepdims=True)
        most = ops.max(decibels, axis=(1, 2), keepdims=True)
        return (decibels / ops.where(most == 0.0, 1.0, most))[..., None]

    def compute_output_shape(self, input_shape):
        return (input_shape[0], FRAMES, len(self._scale), 1)


class _Harmonics(layers.Layer):
    """Bins ``(B, T, bins, 1)`` and what is in the places of their harmonics, ``(B, T, 264, 8)``; beyond, nothing."""

    def call(self, x):
        bins = x.shape[2]
        padded = ops.pad(x, ((0, 0), (0, 0), (-min(_HARMONICS), _BINS + max(_HARMONICS) - bins), (0, 0)))
        places = [shift - min(_HARMONICS) for shift in _HARMONICS]
        return ops.concatenate([padded[:, :, place : place + _BINS] for place in places], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:2], _BINS, len(_HARMONICS))
