"""Vocoders side by side: the same log-mels, the same clips, and a fair clock."""

import sys
import time

import numpy as np
import pytest

from melgan_vc.audio.loudness import LoudnessMeter
from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus.clips import NamedClip
from melgan_vc.evaluate.metrics.log_spectral_distance import LogSpectralDistance
from melgan_vc.evaluate.metrics.perceptual_quality import PerceptualQuality
from melgan_vc.evaluate.vocoders import evaluate_vocoders
from melgan_vc.vocoders.griffin_lim import GriffinLim

MEL = MelConfig()


class Hum:
    """Makes a quiet hum of every log-mel; slow the first time, as what has to be compiled."""

    config = MEL

    def __init__(self, name: str, calls: list):
        self.name, self._calls = name, calls

    def invert(self, mel):
        if not any(name == self.name for name, _ in self._calls):
            time.sleep(0.5)
        self._calls.append((self.name, mel))
        return np.full(len(mel) * MEL.hop_length, 0.01, np.float32)


@pytest.fixture
def clips(held_out_male, held_out_female):
    return [NamedClip("male", held_out_male[:20000]), NamedClip("female", 0.1 * held_out_female[:30001])]


def test_vocoders_take_turns_on_the_same_log_mels_and_their_first_run_is_not_timed(clips):
    calls = []
    found = evaluate_vocoders([Hum("a", calls), Hum("b", calls)], {"held out": clips}, level_db=None, makers=[])
    assert [name for name, _ in calls] == ["a", "b", "a", "b", "a", "b"], "once each before the clock runs"
    for (_, first), (_, second), clip in zip(calls[2::2], calls[3::2], clips, strict=True):
        np.testing.assert_array_equal(first, second)
        np.testing.assert_array_equal(first, log_mel(clip.wave, MEL))
    *made, recording = found.groups["held out"].rows
    assert all(0.0 < row.medians["real_time_factor"] < 0.1 for row in made)
    assert np.isnan(recording.medians["real_time_factor"]), "nobody made it"


def test_rows_are_the_vocoder_then_griffin_lim_then_the_recording_in_every_group(clips):
    groups = {"held out": clips, "unseen": clips[1:]}
    vocoders = [Hum("mine", []), GriffinLim(MEL, iterations=4)]
    found = evaluate_vocoders(vocoders, groups, level_db=-26.0, makers=[LogSpectralDistance])
    assert list(found.groups) == ["held out", "unseen"]
    for evaluation, of_group in zip(found.groups.values(), groups.values(), strict=True):
        assert [row.name for row in evaluation.rows] == ["mine", "griffin-lim", "recording"]
        hum, griffin_lim, recording = (row.medians["lsd_db"] for row in evaluation.rows)
        assert hum > 2.0 * griffin_lim > 2.0 > recording == 0.0
        assert [column.name for column in evaluation.columns] == ["lsd_db", "real_time_factor"]
        for row in evaluation.rows:
            assert [len(clip.converted) for clip in row.clips] == [len(clip.wave) for clip in of_group]
            for clip in row.clips:
                meter = LoudnessMeter(MEL.rate)
                meter.update(clip.source)
                assert meter.level_db == pytest.approx(-26.0, abs=0.1), "as training hears it"


def test_what_is_not_installed_is_named_and_the_rest_is_measured(clips, monkeypatch):
    monkeypatch.setitem(sys.modules, "pesq", None)  # as if it were not there
    vocoders = [GriffinLim(MEL, iterations=1)]
    makers = [PerceptualQuality, LogSpectralDistance]
    found = evaluate_vocoders(vocoders, {"held out": clips}, level_db=None, makers=makers)
    (sentence,) = found.missing
    assert sentence.endswith("Install it with: pip install pesq==0.0.4")
    assert found.groups["held out"].rows[0].medians["lsd_db"] > 1.0
