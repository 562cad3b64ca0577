"""The default generator starts as the identity and can leave it everywhere."""

import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from melgan_vc.methods.architectures import precision
from melgan_vc.nets.edited_mel import EditedMel
from melgan_vc.nets.gated_layers import MISSING, MaskBand
from melgan_vc.nets.layers import SilencePadding
from melgan_vc.nets.residual_generator import residual_generator


@pytest.mark.parametrize("mixed", [False, True], ids=["float32", "mixed_bfloat16"])
def test_untrained_generator_is_the_identity(mixed, random_mel):
    with precision(mixed):
        generator = residual_generator(10, channels=8)
    mel = random_mel(2, 30, 10)
    mel[0, :5], mel[0, 5:8] = -1.0, 1.0
    np.testing.assert_allclose(generator(mel, training=False), mel, atol=1e-5)


def test_edit_can_fill_silence_and_empty_what_is_loud():
    silence, loud = np.full((1, 1, 1), -1.0, np.float32), np.ones((1, 1, 1), np.float32)
    edit = EditedMel()
    assert float(edit(silence, np.full((1, 1, 1), 3.0, np.float32))[0, 0, 0]) > 0.9
    assert float(edit(loud, np.full((1, 1, 1), -3.0, np.float32))[0, 0, 0]) < -0.9


def test_silent_cells_pass_a_gradient():
    silence = tf.fill((1, 4, 1), -1.0)
    with tf.GradientTape() as tape:
        amount = tf.fill((1, 4, 1), 0.01)
        tape.watch(amount)
        total = ops.sum(EditedMel()(silence, amount))
    assert float(tf.reduce_min(tape.gradient(total, amount))) > 0.1


def test_silence_before_a_sound_is_padded_with_silence(random_mel, draw):
    """The first frame of a file does not hear a broadband noise of -30 dB in front of it."""
    generator = residual_generator(10, channels=8, dilations=())
    for variable in generator.trainable_variables:
        variable.assign(variable + draw.normal(size=variable.shape))
    mel = random_mel(1, 6, 10)
    longer = np.concatenate([np.full((1, 3, 10), -1.0, np.float32), mel], axis=1)
    # The first layer's window over one frame of silence is the same whether the frame is real or padding.
    first = [layer for layer in generator.layers if layer.name.startswith("silence_padding")][0]
    np.testing.assert_array_equal(first(mel)[:, :1], longer[:, 2:3])


def test_an_untrained_generator_with_a_shift_applies_it_and_keeps_it_through_a_weights_file(
    random_mel, draw, tmp_path
):
    shift = draw.uniform(0.0, 0.1, size=(10, 10)).astype(np.float32)
    generator = residual_generator(10, channels=8, shift=shift)
    mel = random_mel(2, 30, 10)
    expected = np.clip((mel + 1.0) @ shift - 1.0, -1.0, 1.0)
    np.testing.assert_allclose(generator(mel, training=False), expected, atol=1e-5)
    generator.save_weights(tmp_path / "shifted.weights.h5")
    other = residual_generator(10, channels=8, shift=np.eye(10, dtype=np.float32))
    other.load_weights(tmp_path / "shifted.weights.h5")
    np.testing.assert_allclose(other(mel, training=False), expected, atol=1e-5)


def test_the_shift_is_never_trained():
    plain, shifted = (residual_generator(10, channels=8, shift=shift) for shift in (None, np.eye(10)))
    assert shifted.count_params() == plain.count_params() + 100
    assert len(shifted.trainable_variables) == len(plain.trainable_variables)


def test_with_a_mask_missing_frames_are_filled_in_from_silence(random_mel, draw):
    generator = residual_generator(10, channels=8, mask=True, shift=np.eye(10, dtype=np.float32))
    gap = random_mel(1, 16, 10)
    gap[0, 4:8] = MISSING
    untrained = ops.convert_to_numpy(generator(gap, training=False))
    np.testing.assert_allclose(untrained, np.maximum(gap, -1.0), atol=1e-5)
    for variable in generator.trainable_variables:
        variable.assign(variable + 0.1 * draw.normal(size=variable.shape))
    filled = ops.convert_to_numpy(generator(gap, training=False))
    assert np.all(np.abs(filled) <= 1.0)
    silent = np.maximum(gap, -1.0)  # present, and the mask says so: it makes the difference
    assert np.abs(filled - generator(silent, training=False)).max() > 1e-3


def test_without_a_mask_its_weights_are_those_of_any_other_and_with_one_it_has_a_band_more():
    plain, masked = (residual_generator(10, channels=8, mask=mask) for mask in (False, True))
    more = [a.shape for a, b in zip(masked.weights, plain.weights, strict=True) if a.shape != b.shape]
    assert more == [(3, 11, 8)]


def test_the_mask_of_whole_windows_is_the_same_in_every_frame_and_beyond_them():
    """So that conversion, which sees whole windows, is the same wherever a chunk was cut."""
    mel = np.full((1, 6, 10), -1.0, np.float32)
    padded = SilencePadding(1)(mel)
    np.testing.assert_array_equal(MaskBand()(padded)[..., -1], np.ones((1, 8)))
    mel[0, 2] = MISSING
    banded = ops.convert_to_numpy(MaskBand()(mel))
    np.testing.assert_array_equal(banded[0, :, -1], [1, 1, 0, 1, 1, 1])
    np.testing.assert_array_equal(banded[0, :, :-1], np.full((6, 10), -1.0))
