"""The gated networks of CycleGAN-VC2 and MaskCycleGAN-VC."""

import numpy as np
import pytest
from keras import ops

from melgan_vc.errors import MelganVcError
from melgan_vc.nets.gated_layers import MISSING, FrameNormalization, GatedLinearUnit, MaskChannel, PixelShuffle
from melgan_vc.nets.gated_patch_critic import gated_patch_critic
from melgan_vc.nets.two_one_two_generator import two_one_two_generator


def trainable_parameters(network):
    return sum(int(np.prod(variable.shape)) for variable in network.trainable_variables)


@pytest.mark.parametrize(
    ("network", "published"),
    [(two_one_two_generator, 16_459_073), (gated_patch_critic, 5_729_281)],
    ids=["generator", "critic"],
)
def test_number_of_trainable_parameters_at_width_1(network, published):
    assert trainable_parameters(network(80)) == published


def test_a_quarter_of_the_width_is_about_a_sixteenth_of_the_parameters():
    assert trainable_parameters(two_one_two_generator(80, channels=64)) == pytest.approx(16_459_073 / 16, rel=0.02)


@pytest.mark.parametrize(
    ("mels", "channels", "name"), [(82, 64, "mel.n_mels"), (80, 30, "method.generator.channels")]
)
def test_what_cannot_be_halved_twice_is_refused(mels, channels, name):
    with pytest.raises(MelganVcError, match=f"Expected {name} to be a multiple of 4 for two_one_two, received: "):
        two_one_two_generator(mels, channels=channels)


def test_half_of_the_channels_gate_the_other_half():
    value = np.array([[3.0, -2.0, 0.0, 100.0]], np.float32)
    np.testing.assert_allclose(GatedLinearUnit()(value), [[1.5, -2.0]])


def test_four_channels_become_a_square():
    picture = np.arange(2 * 3 * 5 * 8, dtype=np.float32).reshape(2, 3, 5, 8)
    squares = ops.convert_to_numpy(PixelShuffle()(picture))
    assert squares.shape == (2, 6, 10, 2)
    for frame in (0, 1):
        for mel in (0, 1):
            first = 2 * (2 * frame + mel)
            np.testing.assert_array_equal(squares[:, frame::2, mel::2], picture[..., first : first + 2])


def test_norm_of_a_frame_does_not_depend_on_any_other(random_mel):
    picture = random_mel(2, 6, 5, 3) * 7.0 + 2.0
    norm = FrameNormalization()
    normalised = ops.convert_to_numpy(norm(picture))
    np.testing.assert_allclose(normalised.mean(axis=(2, 3)), 0.0, atol=1e-5)
    np.testing.assert_allclose(normalised.std(axis=(2, 3)), 1.0, atol=1e-3)
    np.testing.assert_allclose(norm(picture[:, 2:3]), normalised[:, 2:3], atol=1e-5)


def test_mask_says_which_frames_are_missing(random_mel):
    mel = random_mel(1, 4, 3)
    mel[0, 0], mel[0, 2] = -1.0, MISSING  # silence is not missing
    channels = ops.convert_to_numpy(MaskChannel()(mel))
    np.testing.assert_array_equal(channels[0, :, 0, 1], [1.0, 1.0, 0.0, 1.0])
    np.testing.assert_array_equal(channels[0, 2, :, 0], [0.0, 0.0, 0.0])
    np.testing.assert_array_equal(channels[0, [0, 1, 3], :, 0], mel[0, [0, 1, 3]])


def test_untrained_it_is_the_identity_or_the_shift(random_mel):
    mel = random_mel(2, 8, 12)
    np.testing.assert_allclose(two_one_two_generator(12, channels=8)(mel), mel, atol=1e-5)
    halved = two_one_two_generator(12, channels=8, shift=0.5 * np.eye(12, dtype=np.float32))
    np.testing.assert_allclose(halved(mel), (mel + 1.0) / 2.0 - 1.0, atol=1e-5)


@pytest.mark.parametrize("shift", [None, np.eye(12, dtype=np.float32)], ids=["plain", "shifted"])
def test_missing_frames_are_filled_in(random_mel, draw, shift):
    generator = two_one_two_generator(12, channels=8, shift=shift)
    for variable in generator.trainable_variables:
        variable.assign(variable + 0.1 * draw.normal(size=variable.shape))
    mel = random_mel(1, 16, 12)
    gap = mel.copy()
    gap[0, 4:8] = MISSING
    filled = ops.convert_to_numpy(generator(gap, training=False))
    assert np.all(np.abs(filled) <= 1.0)
    other = gap.copy()
    other[0, 4:8] = -1.0  # edited from the same silence, but present: the mask makes the difference
    assert np.abs(filled - generator(other, training=False)).max() > 1e-4
