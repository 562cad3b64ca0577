"""A run goes on with the folders, and the files in them, that it has learned from."""

import json
from pathlib import Path

import pytest

from melgan_vc.config.run import RunConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.runs.folders_of_domains import domain_folders
from melgan_vc.runs.learned_audio import Audio, compare_audio
from melgan_vc.runs.run_files import RunFiles


def audio(folder, *digests):
    return Audio(Path(folder), frozenset(digests))


@pytest.fixture
def said():
    return []


def test_the_same_files_are_nothing_to_speak_of(said):
    before = [audio("/data/jazz", "a", "b"), audio("/data/rock", "c")]
    compare_audio(before, before, say=said.append)
    compare_audio(before, [audio("/moved/jazz", "a", "b"), audio("/data/rock", "c")], say=said.append)
    compare_audio([], before, say=said.append)
    assert said == []


def test_files_that_came_and_went_are_told(said):
    before, now = [audio("/data/jazz", "a", "b")], [audio("/data/jazz", "b", "c", "d")]
    compare_audio(before, now, say=said.append)
    (line,) = said
    assert line.endswith("/data/jazz is not what the run has learned from so far: 1 of 2 files are gone, 2 are new.")


def test_a_folder_of_the_same_name_with_other_audio_is_refused(said):
    with pytest.raises(MelganVcError, match="received: /data/jazz, which has none of those 2 files. Name the folder"):
        compare_audio([audio("/data/jazz", "a", "b")], [audio("/data/jazz", "c")], say=said.append)


def test_other_audio_that_is_asked_for_is_told(said):
    compare_audio([audio("/data/jazz", "a")], [audio("/data/flac", "c")], say=said.append)
    assert "1 of 1 files are gone, 1 are new" in said[0]


@pytest.fixture
def old_run(tmp_path, monkeypatch):
    """A run that remembers its folders as they were given where it was begun, as those of version 0.1.0 do."""
    run = tmp_path / "run"
    run.mkdir()
    reports = [{"folder": f"data/{name}", "files": [{"digest": name}]} for name in ("jazz", "rock")]
    (run / "corpus.json").write_text(json.dumps(reports))
    for name in ("jazz", "rock"):
        (tmp_path / "data" / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return RunFiles(run)


def test_a_run_of_an_earlier_version_goes_on_where_it_was_begun(old_run, said):
    folders = domain_folders(RunConfig(), {}, old_run)
    assert folders == {"source": Path("data/jazz"), "target": Path("data/rock")}
    before, jazz = old_run.trained_on_audio(), audio("data/jazz", "jazz")
    compare_audio(before, [jazz, audio("data/rock", "rock")], say=said.append)
    with pytest.raises(MelganVcError, match="received: data/rock, which has none"):
        compare_audio(before, [jazz, audio("data/rock", "other")], say=said.append)


def test_elsewhere_it_says_where_to_go(old_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / "data")
    with pytest.raises(MelganVcError, match=r"working folder that .*run was begun in, received: .*no data/jazz. Go"):
        domain_folders(RunConfig(), {}, old_run)
    with pytest.raises(MelganVcError, match="no data/rock"):
        domain_folders(RunConfig(), {"source": "jazz"}, old_run)
    assert domain_folders(RunConfig(), {"source": "jazz", "target": "rock"}, old_run)["target"] == Path("rock")
