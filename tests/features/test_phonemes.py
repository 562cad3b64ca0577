"""Phonemes of a recording, of a hum, and of nothing."""

import numpy as np
import pytest

from melgan_vc.features.phonemes import PhonemeRecogniser

pytest.importorskip("hama")


@pytest.fixture(scope="module")
def recogniser():
    return PhonemeRecogniser()


def test_speech_has_the_same_phonemes_at_any_level(recogniser, held_out_female):
    wave = held_out_female[:48000]
    heard = recogniser(wave, 16000)
    assert len(heard) > 10 and all(isinstance(phoneme, str) for phoneme in heard)
    assert recogniser(0.2 * wave, 16000) == heard


def test_a_hum_has_none(recogniser):
    hum = 0.1 * np.sin(2 * np.pi * 60 * np.arange(32000) / 16000).astype(np.float32)
    assert recogniser(hum, 16000) == []


@pytest.mark.parametrize("wave", [np.zeros(32000, np.float32), np.ones(7000, np.float32)], ids=["silent", "short"])
def test_what_cannot_be_judged_has_no_answer(recogniser, wave):
    assert recogniser(wave, 16000) is None
