"""The measured receptive field is what streaming may discard: chunked translation equals whole translation."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from melgan_vc.audio.chunks import Reach
from melgan_vc.errors import MelganVcError
from melgan_vc.nets.paper import paper_generator
from melgan_vc.nets.reach import measure_reach
from melgan_vc.nets.residual_generator import residual_generator
from melgan_vc.nets.two_one_two_generator import two_one_two_generator

MELS = 6


def reach_of(generator):
    return measure_reach(
        lambda mels: ops.convert_to_numpy(generator(mels, training=False)),
        columns=generator.input_shape[-1],
        name=generator.name,
    )


def randomised(generator, draw):
    for variable in generator.trainable_variables:
        variable.assign(draw.normal(size=variable.shape) * 0.3)
    return generator


@pytest.mark.parametrize(
    ("dilations", "frames"),
    [((1, 2, 4, 1, 2, 4), 1 + 14 + 1), ((), 1 + 1), ((8,), 1 + 8 + 1)],
)
def test_residual_generator_reaches_the_sum_of_its_dilations(dilations, frames):
    generator = residual_generator(MELS, channels=4, dilations=dilations)
    assert reach_of(generator) == Reach(frames, frames)


def test_wider_kernel_reaches_further():
    generator = residual_generator(MELS, channels=4, kernel_size=5, dilations=(3,))
    assert reach_of(generator) == Reach(2 + 6 + 2, 2 + 6 + 2)


def test_published_generator_sees_24_frames_on_either_side():
    """By hand: output frame 2 depends on half-rate frames -6 to 10, so on input frames -16 to 26; up to fours."""
    assert reach_of(paper_generator(MELS, channels=4)) == Reach(24, 24, stride=4)


def test_two_one_two_generator_sees_80_frames_back_and_84_ahead():
    """By hand: 7 + 2 at full rate, 2 + 2 at half, 12 + 2 at a quarter, 7 at full: 9 + 8 + 56 + 7; a stride ahead."""
    assert reach_of(two_one_two_generator(8, channels=4)) == Reach(80, 84, stride=4)


def test_generator_with_a_norm_over_time_is_refused():
    mel = keras.Input((None, MELS))
    x = layers.Conv1D(4, 3, padding="same")(mel)
    x = layers.GroupNormalization(groups=-1)(x)  # instance norm: a mean over time
    generator = keras.Model(mel, layers.Conv1D(MELS, 1)(x), name="unstreamable")
    with pytest.raises(MelganVcError, match="unstreamable.*norm over time"):
        reach_of(generator)


@pytest.mark.parametrize(
    ("build", "mels", "stride"),
    [(residual_generator, MELS, 1), (paper_generator, MELS, 4), (two_one_two_generator, 8, 4)],
    ids=["residual", "paper", "two_one_two"],
)
def test_chunks_with_context_discarded_equal_the_whole(build, mels, stride, random_mel, draw):
    generator = randomised(build(mels, channels=8), draw)
    reach = reach_of(generator)
    assert reach.stride == stride
    chunk = 20 * stride
    mel = random_mel(1, 5 * chunk, mels)
    whole = ops.convert_to_numpy(generator(mel, training=False))
    assert np.abs(whole - mel).max() > 0.1  # it does something

    pieces = []
    for start in range(0, mel.shape[1], chunk):
        first = max(0, start - reach.before)
        part = mel[:, first : start + chunk + reach.after]
        translated = ops.convert_to_numpy(generator(part, training=False))
        pieces.append(translated[:, start - first : start - first + chunk])
    np.testing.assert_allclose(np.concatenate(pieces, axis=1), whole, atol=1e-4)


@pytest.mark.parametrize("offset", [-9, 9])
def test_frames_at_the_measured_distance_do_matter_and_beyond_it_do_not(offset, random_mel, draw):
    generator = randomised(residual_generator(MELS, channels=8, dilations=(2, 5)), draw)
    assert reach_of(generator) == Reach(abs(offset), abs(offset))
    mel = random_mel(1, 60, MELS)
    whole = ops.convert_to_numpy(generator(mel, training=False))[0, 30]

    def changed_at(frame):
        other = mel.copy()
        other[0, frame] *= -1.0
        return np.abs(ops.convert_to_numpy(generator(other, training=False))[0, 30] - whole).max()

    assert changed_at(30 + offset) > 1e-5
    assert changed_at(30 + offset + np.sign(offset)) < 1e-6
