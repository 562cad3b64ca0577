"""``train_cli.py``: every mistake gets a sentence before anything is computed."""

import json
from pathlib import Path

import pytest

from melgan_vc.methods.presets import preset

NEW = ["--source", "source", "--target", "target", "--run", "run"]


@pytest.fixture(params=["travelgan", "cyclegan"])
def method(request) -> str:
    """A command of ``train_cli.py``."""
    return request.param


@pytest.fixture
def here(tmp_path, monkeypatch, record, method):
    """Two folders of audio, one without, and a run that was broken off before its first checkpoint."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MELGAN_VC_CACHE", str(tmp_path / "cache"))
    for domain in ("source", "target"):
        record(f"{domain}/1.wav")
    Path("unusable").mkdir()
    Path("unusable/words.wav").write_text("no sound")
    Path("unusable/empty.mp3").touch()
    Path("empty").mkdir()
    Path("broken").mkdir()
    Path("broken/config.json").write_text(preset("debug", method).to_json())
    Path("typo.json").write_text(json.dumps({"training": {"stepps": 3}}))


@pytest.mark.parametrize(
    "arguments, message",
    [
        (
            ["--preset", "debgu"],
            "a preset among voice, music, paper, debug, received: 'debgu'; did you mean 'debug'?",
        ),
        (["--set", "method.identiti=3"], "received: 'method.identiti'; did you mean 'method.identity'?"),
        (["--set", "training.generator=3"], "received: 'training.generator'"),
        (["--set", "method.identity"], "Expected --set section.key=value, received: 'method.identity'"),
        (["--set", "method.identity=large"], "method.identity: "),
        (["--set", "method.width=50"], "multiple of 4 "),
        (["--set", "method.critic.architecture=pacth"], "did you mean 'patch'?"),
        (["--config", "none.json"], "there is no none.json"),
        (["--config", "typo.json"], "unknown key 'training.stepps'; did you mean 'training.steps'?"),
        (["--config", "broken/config.json", "--preset", "debug"], "--preset or --config, received both"),
        (
            ["--start-from", "nowhere"],
            "Expected a run folder or a model's name, received: nowhere (it does not exist",
        ),
        (["--device", "cpuu"], "did you mean 'cpu'?"),
        (["--source", "sorce"], "received: sorce (it does not exist; did you mean 'source'?)"),
        (["--source", "empty"], "received: empty (it is empty)"),
        (["--target", "unusable"], "received: unusable (2 files, none usable: "),
        (["--target", "source/1.wav"], "source/1.wav"),
        (["--run", "broken"], "received: broken (it holds a run already). Go on with it with --resume"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_new_run(here, refused, method, arguments, message):
    debug = [] if {"--preset", "--config"} & set(arguments) else ["--preset", "debug"]
    assert message in refused("train", method, *NEW, *debug, *arguments)
    assert not Path("run").exists(), "a run that never began leaves no folder"


@pytest.mark.parametrize("option", ["--source", "--target"])
def test_one_folder_is_not_enough(here, refused, method, option):
    message = refused("train", method, "--run", "run", option, "source")
    other = {"--source": "target", "--target": "source"}[option]
    assert f"Expected --source and --target, two folders of audio, for {method}, received: no {other}" in message


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--set", "method.identity=3"], "received: method.identity=3.0 (it began with "),
        (["--preset", "voice"], "received: --preset voice (it began with debug). A run goes on exactly as it began"),
        (["--config", "typo.json"], "unknown key 'training.stepps'"),
        (["--seed", "1"], "received: training.seed=1 (it began with 0)"),
        (["--preset", "debug", "--seed", "0", *NEW[:4]], "received: broken (it has no checkpoint)"),
        (["--config", "broken/config.json", *NEW[:4]], "received: broken (it has no checkpoint)"),
        ([], "Expected --source and --target"),
        (["--source", "source", "--target", "target"], "received: broken (it has no checkpoint)"),
        (["--run", "none"], "Expected a run folder, received: none (it does not exist)"),
        (["--run", "empty"], "there is no config.json"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_run_to_go_on_with(here, refused, method, arguments, message):
    before = sorted(Path().rglob("*"))
    assert message in refused("train", method, "--run", "broken", "--resume", *arguments)
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize(
    "arguments",
    [[*NEW, "--stpes", "3"], [*NEW, "--steps", "0"], [*NEW, "--minutes", "-1"], [*NEW, "--seed", "x"]],
)
def test_options_that_typer_refuses(here, command, method, arguments):
    result = command("train", method, *arguments)
    assert result.exit_code == 2 and "Usage" in result.stderr and not Path("run").exists()


def test_a_method_that_does_not_exist(command):
    result = command("train", "travelgn")
    assert result.exit_code == 2 and "Usage" in result.stderr


VOICES = ["--domain=ann=source", "--domain=bob=target", "--run", "run", "--preset", "debug"]


@pytest.mark.parametrize("method", ["stargan"], indirect=True)
@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--run", "run"], "Expected --domain NAME=DIR for each of 2 to 100 domains, for stargan, received: none"),
        (["--run", "run", "--domain=ann=source"], "Expected 2 to 100 domains, received: 1"),
        ([*VOICES, "--domain=ann=empty"], "every name once in --domain, received: ann twice"),
        ([*VOICES, "--domain=cat"], "Expected --domain NAME=DIR, as in anna=voices/anna, received: 'cat'"),
        ([*VOICES, "--domain=a/b=empty"], "Expected a name without slashes"),
        ([*VOICES, "--domain=cat=empty"], "received: empty (it is empty)"),
        ([*VOICES, "--domain=cat=sorce"], "received: sorce (it does not exist; did you mean 'source'?)"),
        ([*VOICES, "--preset", "paper"], "a preset among voice, music, debug, received: 'paper'"),
        ([*VOICES, "--match-voices"], "Expected voiced speech of ann, received: "),
        (["--run", "broken", "--resume"], "Expected --domain NAME=DIR for each"),
        (["--run", "broken", "--resume", *VOICES[:2]], "among the run's, source, target, received: 'ann'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_domains(here, refused, arguments, message):
    assert message in refused("train", "stargan", *arguments)
    assert not Path("run").exists()


@pytest.mark.parametrize("method", ["cyclegan"], indirect=True)
def test_what_is_of_another_method(here, refused):
    """The folder "broken" holds a run of cyclegan."""
    assert "which is of cyclegan. Use the command cyclegan." in refused(
        "train", "travelgan", "--run", "broken", "--resume"
    )
    message = refused("train", "travelgan", *NEW, "--config", "broken/config.json")
    assert "Expected --config with settings of travelgan, received: broken/config.json" in message
    message = refused("train", "cyclegan", *NEW, "--preset", "debug", "--set", "method.name=travelgan")
    assert "Expected the method as the command of train_cli.py, received: --set method.name=travelgan" in message
    assert "'method.pieces'" in refused("train", "cyclegan", *NEW, "--preset", "debug", "--set", "method.pieces=3")


def test_inspect(here, command, refused):
    result = command("melgan-vc", "inspect", "source", "unusable/..")
    assert result.exit_code == 0 and "files used" in result.output and "words.wav" in result.output
    assert "received: unusable (2 files, none usable" in refused("melgan-vc", "inspect", "unusable")
    assert "did you mean 'music'?" in refused("melgan-vc", "inspect", "source", "--preset", "musik")
