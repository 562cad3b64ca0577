"""A place is the same function of its frames wherever it is: nothing but what is heard can tell places apart."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from melgan_vc.losses.patch_nce import patch_nce
from melgan_vc.methods.shared_settings import FEWEST_FRAMES
from melgan_vc.nets.patch_features import patch_features


@pytest.fixture
def network():
    keras.utils.set_random_seed(0)
    return patch_features(10, channels=8)


def test_two_places_at_least_and_one_more_every_four_frames(network, random_mel):
    for frames, places in ((FEWEST_FRAMES, 2), (16, 3), (64, 15)):
        assert network(random_mel(3, frames, 10)).shape == (3, places, 8)
    assert network(random_mel(3, FEWEST_FRAMES - 4, 10)).shape[1] == 1


def test_a_place_does_not_know_where_it_is(network, random_mel):
    mel = random_mel(1, 64, 10)
    everywhere = ops.convert_to_numpy(network(mel))
    for place in (0, 7, 14):
        np.testing.assert_allclose(network(mel[:, 4 * place : 4 * place + 7]), everywhere[:, [place]], atol=1e-5)
    constant = ops.convert_to_numpy(network(np.full((1, 64, 10), -0.3, np.float32)))
    np.testing.assert_allclose(constant, np.repeat(constant[:, :1], 15, axis=1), atol=1e-5)


def test_learning_by_patch_nce_tells_places_apart_instead_of_making_them_alike(network, random_mel, draw):
    """The input under another equaliser and a little noise: collapsed features would cost log 7, for ever."""
    gains = draw.uniform(-0.3, 0.3, 10).astype(np.float32)
    optimizer = keras.optimizers.Adam(1e-2)
    for _ in range(25):
        mel = random_mel(8, 32, 10) * 0.6
        changed = mel + gains + 0.1 * random_mel(8, 32, 10)
        with tf.GradientTape() as tape:
            loss = patch_nce(network(changed), network(mel))
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(loss, [v.value for v in variables]), variables)
    assert float(loss) < 0.25 * np.log(7)
