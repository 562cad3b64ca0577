"""What is known of a waveform is not asked for again, and is gone with the waveform."""

import gc
import importlib.util
import weakref

import numpy as np
import pytest

from melgan_vc.evaluate.chroma import Chroma
from melgan_vc.evaluate.mel_cepstral_distortion import MelCepstralDistortion
from melgan_vc.evaluate.metric import Clip
from melgan_vc.evaluate.note_map import NoteMap
from melgan_vc.evaluate.onsets import Onsets
from melgan_vc.evaluate.pitch import Pitch
from melgan_vc.evaluate.remembered import remembered


@pytest.fixture
def asked():
    """What the analysis below was asked for, in order."""
    return []


@pytest.fixture
def loudest(asked):
    def analyse(wave, rate):
        asked.append((float(wave[0]), rate))
        return np.array([np.abs(wave).max(), rate])

    return remembered(analyse)


def test_each_waveform_is_analysed_once_for_each_rate(loudest, asked):
    first, other = np.full(9, 0.5), np.full(9, 0.25)
    for _ in range(2):
        assert [list(loudest(first, 8000)), list(loudest(first, 16000))] == [[0.5, 8000], [0.5, 16000]]
        assert list(loudest(other, 8000)) == [0.25, 8000]
    assert asked == [(0.5, 8000), (0.5, 16000), (0.25, 8000)]


def test_another_waveform_in_the_same_place_is_not_taken_for_the_first(loudest, asked):
    for number in range(100):  # each is freed before the next is made, mostly at the same address
        assert loudest(np.full(9, float(number)), 8000)[0] == number
    assert len(asked) == 100


def test_what_is_known_is_forgotten_with_the_waveform(loudest):
    wave = np.ones(9)
    found = weakref.ref(loudest(wave, 8000))
    gc.collect()
    assert found() is not None
    del wave
    gc.collect()
    assert found() is None


def test_an_error_is_not_remembered():
    answers = iter([ValueError("not now"), 3])

    @remembered
    def analyse(wave):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    wave = np.ones(9)
    with pytest.raises(ValueError, match="not now"):
        analyse(wave)
    assert analyse(wave) == 3


NEEDED = ("librosa", "basic_pitch", "onnxruntime")
ONES_THAT_LISTEN_TO_THE_SOURCE = (Pitch, MelCepstralDistortion, Chroma, NoteMap, Onsets)


@pytest.mark.skipif(any(importlib.util.find_spec(name) is None for name in NEEDED), reason="needs `evaluate`")
@pytest.mark.parametrize("make", ONES_THAT_LISTEN_TO_THE_SOURCE, ids=lambda make: make.__name__)
def test_figures_of_a_later_row_are_those_of_waveforms_that_nobody_knows(make, held_out_female, held_out_male):
    metric, source, target = make(), held_out_female[:56000], held_out_male[:56000]
    metric.prepare([source], [target], 16000)
    clips = [
        Clip("clip", source, changed, 16000, parallel=target)
        for changed in (source, np.ascontiguousarray(source[::-1]))
    ]

    rows = [dict(metric.measure(clip)) for clip in clips]
    unknown = [Clip(c.name, c.source.copy(), c.converted.copy(), c.rate, target.copy()) for c in clips]

    assert rows == [pytest.approx(dict(metric.measure(clip)), rel=1e-6, nan_ok=True) for clip in unknown]
    assert rows[0] != pytest.approx(rows[1], rel=1e-2), "each conversion is listened to"
