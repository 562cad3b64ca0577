"""What ``--model`` means, and what is told about each model."""

import shutil

import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.pretrained.catalogue import describe, find_model, model_names, shipped_folder


def test_names(models):
    assert model_names(models) == ["rock2jazz", "voice_a2b"]


def test_no_models_at_all(tmp_path):
    assert model_names(tmp_path) == [] and model_names(tmp_path / "none") == []
    with pytest.raises(MelganVcError, match=r"received: voice \(it does not exist\)\. No models ship"):
        find_model("voice", tmp_path)


def test_the_models_of_the_package_are_beside_its_code():
    assert (shipped_folder() / "catalogue.py").is_file()


def test_a_name(models, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_model("rock2jazz", models) == models / "rock2jazz"


def test_a_path_to_a_run_folder(models, run):
    assert find_model(str(run), models) == run


def test_a_run_folder_wins_over_a_model_of_the_same_name(models, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    here = shutil.copytree(run, tmp_path / "rock2jazz")
    assert find_model("rock2jazz", models).resolve() == here


def test_a_folder_that_is_no_run_does_not(models, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rock2jazz").mkdir()
    assert find_model("rock2jazz", models) == models / "rock2jazz"
    assert find_model("./rock2jazz", models).resolve() == tmp_path / "rock2jazz", (
        "whoever loads it says what it lacks"
    )


def test_a_mistyped_name(models, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MelganVcError) as caught:
        find_model("rock2jaz", models)
    assert str(caught.value) == (
        "Expected a run folder or a model's name, received: rock2jaz (it does not exist). "
        "Models that ship: rock2jazz, voice_a2b; did you mean 'rock2jazz'?"
    )


@pytest.mark.parametrize("text", ["../models/rock2jazz", "rock2jazz/config.json", ".partial-1-x", "__pycache__"])
def test_a_name_is_no_path_below_the_models(models, tmp_path, monkeypatch, text):
    (tmp_path / "elsewhere" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "elsewhere" / "deep")
    with pytest.raises(MelganVcError, match="it does not exist"):
        find_model(text, models)


def test_description(models):
    model = describe(models / "voice_a2b")
    assert (model.name, model.task, model.config.mel.rate) == ("voice_a2b", "Voice A to voice B", 8000)
    assert model.size == sum(file.stat().st_size for file in (models / "voice_a2b").iterdir()) > 10_000


def test_a_run_folder_without_a_task(run):
    assert describe(run).task == ""


@pytest.mark.parametrize("content", ["words", "[]", "{}", '"task"'])
def test_a_damaged_description(models, content):
    (models / "rock2jazz" / "model.json").write_text(content)
    with pytest.raises(MelganVcError, match=r'model\.json to hold {"task": "\.\.\."}'):
        describe(models / "rock2jazz")
