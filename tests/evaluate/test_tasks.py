"""Which metrics judge which task."""

import pytest

from melgan_vc.evaluate.tasks import metrics_of, task_of, vocoder_metrics
from melgan_vc.methods.presets import preset

SPEAKERS = ["SpeakerSimilarity", "ResemblyzerSimilarity"]
VOICE = [*SPEAKERS, "PhonemeError", "Naturalness", "Pitch", "Copied", "Seams"]
MUSIC = ["Genre", "FrechetDistance", "Chroma", "NoteMap", "Onsets", "Level", "Stereo", "Copied", "Seams"]


def names(makers) -> list[str]:
    return [getattr(maker, "func", maker).__name__ for maker in makers]


@pytest.mark.parametrize(("task", "wanted"), [("voice", VOICE), ("music", MUSIC)])
def test_the_metrics_of_a_task_in_the_order_of_the_table(task, wanted):
    assert names(metrics_of(task, preset("debug"))) == wanted


def test_speech_that_a_vocoder_made_is_judged_as_speech_and_music_is_not():
    spectra = ["LogSpectralDistance", "StftDistance"]
    assert names(vocoder_metrics("voice")) == ["Naturalness", "PhonemeError", "PerceptualQuality", *spectra]
    assert names(vocoder_metrics("music")) == [*spectra, "FrechetToRecording"]


def test_distortion_to_a_parallel_recording_only_where_there_is_one():
    found = names(metrics_of("voice", preset("debug"), parallel=True))
    assert set(found) - set(VOICE) == {"MelCepstralDistortion"}


def test_tags_of_other_styles_name_the_columns():
    pytest.importorskip("musicnn")
    genre = metrics_of("music", preset("debug"), source_tag="rock", target_tag="classical")[0]()
    assert [column.name for column in genre.columns] == ["p_rock", "p_classical"]


@pytest.mark.parametrize(("name", "task"), [("music", "music"), ("voice", "voice"), ("debug", "voice")])
def test_the_task_of_a_run_is_that_of_its_preset(name, task):
    assert task_of(preset(name)) == task
