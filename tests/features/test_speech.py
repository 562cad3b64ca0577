"""Speech comes to an evaluator at its rate and at one level."""

import numpy as np
import pytest

from melgan_vc.features.speech import evaluable_speech


def test_speech_comes_at_16_khz_and_one_level():
    sine = 0.003 * np.sin(2 * np.pi * 200 * np.arange(44100) / 44100)
    speech = evaluable_speech(sine, 44100)
    assert speech.shape == (16000,) and speech.dtype == np.float32
    assert np.sqrt(np.mean(speech**2)) == pytest.approx(0.1, rel=0.01)
