"""Harmony is compared whichever instrument plays it."""

import numpy as np
import pytest
from keras import ops

from melgan_vc.audio.mel import log_mel
from melgan_vc.audio.pitch_classes import pitch_class_filters
from melgan_vc.losses.pitch_class import pitch_class
from melgan_vc.methods.presets import preset

MEL = preset("music").mel
CHORD, OTHER = (60, 64, 67), (61, 66, 70)
"""C major and F sharp major: no pitch class is of both."""


def chord(keys, partials, seconds=1.0):
    time = np.arange(int(seconds * MEL.rate)) / MEL.rate
    tones = [
        np.sin(2 * np.pi * 440.0 * 2.0 ** ((key - 69) / 12) * number * time) / number
        for key in keys
        for number in range(1, partials + 1)
    ]
    return log_mel((0.1 * sum(tones)).astype(np.float32), MEL)[None]


def away(one, other):
    return float(pitch_class(one, other, *pitch_class_filters(MEL)))


def test_the_same_chord_on_another_instrument_is_nearer_than_another_chord():
    plucked, bowed = chord(CHORD, 4), chord(CHORD, 10)
    assert away(plucked, plucked) == pytest.approx(0.0, abs=1e-4)
    assert away(plucked, bowed) < 0.15
    assert away(plucked, chord(OTHER, 4)) > 0.5


def test_an_octave_is_the_same_harmony():
    assert away(chord(CHORD, 6), chord([key + 12 for key in CHORD], 6)) < 0.25


def test_what_has_no_harmony_does_not_count():
    """Half of the time silence: what is made of it makes no difference."""
    given = np.concatenate([chord(CHORD, 4), np.full_like(chord(CHORD, 4), -1.0)], axis=1)
    made = np.concatenate([chord(CHORD, 10), chord(OTHER, 4)], axis=1)
    assert away(given, made) < 0.2


def test_its_gradient_is_finite_where_nothing_sounds():
    import tensorflow as tf

    silence = tf.Variable(np.full((1, 8, MEL.n_mels), -1.0, np.float32))
    with tf.GradientTape() as tape:
        loss = pitch_class(ops.convert_to_tensor(chord(CHORD, 4)[:, :8]), silence.value(), *pitch_class_filters(MEL))
    assert np.isfinite(tape.gradient(loss, silence).numpy()).all()


@pytest.mark.parametrize(("key", "expected"), [(69, 0), (81, 0), (72, 3), (76, 7)])
def test_a_tone_is_of_its_pitch_class(key, expected):
    contrast, classes = pitch_class_filters(MEL)
    found = np.maximum(chord((key,), 1) @ contrast, 0.0) @ classes
    assert found[0, 10:-10].mean(axis=0).argmax() == expected
