"""Phoneme error rate: counted by hand, and on speech whose content we destroy."""

import numpy as np
import pytest

from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.evaluate.metrics.phoneme_error import PhonemeError

pytest.importorskip("hama")
pytest.importorskip("jiwer")


@pytest.fixture(scope="module")
def phoneme_error():
    return PhonemeError()


def rate_of(metric, source, converted):
    return metric.measure(Clip("clip", source, converted, 16000))["phoneme_error_rate"]


@pytest.mark.parametrize(
    ("heard", "errors"),
    [("k æ t s", 0), ("k ʌ t s", 1), ("k t s", 1), ("k æ t s ə", 1), ("æ s", 2), ("", 4)],
)
def test_each_edit_counts_once(phoneme_error, heard, errors):
    assert phoneme_error.error_rate(["k", "æ", "t", "s"], heard.split()) == errors / 4


def test_the_same_words_have_no_error_at_any_level(phoneme_error, held_out_female):
    wave = held_out_female[:48000]
    assert rate_of(phoneme_error, wave, 0.2 * wave) == 0


def test_speech_played_backwards_has_lost_its_words(phoneme_error, held_out_female):
    wave = held_out_female[:48000]
    assert rate_of(phoneme_error, wave, wave[::-1].copy()) > 0.7


def test_a_conversion_in_which_no_phoneme_is_heard_errs_by_one(phoneme_error, held_out_female):
    wave = held_out_female[:32000]
    hum = 0.1 * np.sin(2 * np.pi * 60 * np.arange(len(wave)) / 16000).astype(np.float32)
    assert rate_of(phoneme_error, wave, hum) == 1
    assert np.isnan(rate_of(phoneme_error, hum, wave))
