"""The neutral voice that ships: it is the man of `any_to_ru_male`, in eight bits a weight."""

import numpy as np
import pytest
from keras import ops

from melgan_vc.config.mel import MelConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.loading import load_network
from melgan_vc.nets.neutral.voice import neutral_voice
from melgan_vc.pretrained.catalogue import find_model
from melgan_vc.runs.run_folder import RunFolder


def test_it_says_what_the_model_that_ships_says(draw):
    voice = neutral_voice(MelConfig())
    _, network = load_network(RunFolder(find_model("any_to_ru_male")))
    told = draw.normal(size=(1, 40, voice.decoder.input_shape[0][-1])).astype(np.float32)
    expected = ops.convert_to_numpy(network(told))
    heard = ops.convert_to_numpy(voice.student(np.clip(expected, -1.0, 1.0)))
    found = ops.convert_to_numpy(voice(told))
    assert found.shape == (1, 40, 512)
    assert np.corrcoef(found.ravel(), heard.ravel())[0, 1] > 0.99
    np.testing.assert_allclose(voice.pitch, network.decoder.pitch_of("ru_male"))
    assert voice.trainable_variables == []


def test_other_log_mels_are_refused():
    with pytest.raises(MelganVcError, match="n_mels is 80 in the neutral voice and 64 in the run"):
        neutral_voice(MelConfig(n_mels=64))
