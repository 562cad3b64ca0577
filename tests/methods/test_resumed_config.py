"""The command that began a run goes on with it, with --resume added; one that says otherwise does not."""

import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset
from melgan_vc.methods.resumed_config import resumed_config
from melgan_vc.runs.origin import Origin
from melgan_vc.runs.run_files import RunFiles


@pytest.fixture
def begin(tmp_path):
    """``begin(*settings, method=..., origin=...)``: a run of the debug preset that was begun; returns its folder."""

    def call(*settings, method="travelgan", origin=None):
        run = RunFiles(tmp_path / "run")
        run.save_config(preset("debug", method).with_overrides(list(settings)))
        (origin or Origin()).save(run.path)
        return run.path

    return call


BEGUN = ["method.identity=3", "training.seed=7", "method.pitch=0.7", "training.steps=30"]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"preset": "debug"},
        {"settings": ["method.identity=3"]},
        {"settings": ["method.identity=3.0", "method.pitch=0.7"], "seed": 7, "preset": "debug"},
        {"match_voices": True},
    ],
)
def test_the_same_values_are_accepted(begin, asked):
    run = begin(*BEGUN)
    assert resumed_config(run, "travelgan", **asked) == RunFiles(run).load_config()


def test_so_is_the_file_that_a_run_was_begun_with(begin, tmp_path):
    file = tmp_path / "mine.json"
    file.write_text(preset("debug").with_overrides(["method.identity=3"]).to_json())
    run = begin(*BEGUN)
    asked = {"config": file, "settings": ["method.pitch=0.7"]}
    assert resumed_config(run, "travelgan", seed=7, **asked) == RunFiles(run).load_config()
    with pytest.raises(MelganVcError, match=r"received: training.seed=0 \(it began with 7\). A run"):
        resumed_config(run, "travelgan", **asked)
    with pytest.raises(MelganVcError, match=r"received: method.pitch=1.0 \(it began with 0.7\); training.seed=0"):
        resumed_config(run, "travelgan", config=file)
    assert resumed_config(run, "travelgan", config=file, seed=7, match_voices=True).method.pitch == 0.7


def test_the_domains_of_a_file_are_those_of_the_command(begin, tmp_path):
    file = tmp_path / "mine.json"
    file.write_text(preset("debug", "stargan").to_json())
    run = begin('method.domains=["ann","bob","cat"]', "method.pitches=[100,120,200]", method="stargan")
    assert resumed_config(run, "stargan", config=file, match_voices=True).method.domains == ("ann", "bob", "cat")


@pytest.mark.parametrize(
    ("asked", "received"),
    [
        ({"preset": "voice"}, "--preset voice (it began with debug)"),
        ({"settings": ["method.identity=4"]}, "method.identity=4.0 (it began with 3.0)"),
        ({"seed": 8}, "training.seed=8 (it began with 7)"),
        ({"origin": Origin(start_from="/runs/other")}, "--start-from /runs/other (it began with none)"),
        (
            {"preset": "voice", "settings": ["method.width=64"], "seed": 8},
            "method.width=64 (it began with 32); training.seed=8 (it began with 7); --preset voice (it began with",
        ),
    ],
)
def test_other_values_are_refused_and_named(begin, asked, received):
    with pytest.raises(MelganVcError) as caught:
        resumed_config(begin(*BEGUN), "travelgan", **asked)
    assert f"Expected --resume with the run's own settings, received: {received}" in str(caught.value)


def test_voices_are_not_matched_afterwards(begin):
    with pytest.raises(MelganVcError, match=r"received: --match-voices \(it began without\)"):
        resumed_config(begin(), "travelgan", match_voices=True)


def test_steps_can_be_asked_anew(begin):
    run = begin(*BEGUN)
    assert resumed_config(run, "travelgan", settings=["training.steps=90"]).training.steps == 90
    assert resumed_config(run, "travelgan", settings=["method.identity=3"]).training.steps == 30


def test_what_a_run_began_with_beside_audio(begin):
    origin = Origin(converted_by="/runs/jazz", to="jazz")
    run = begin(method="vocoder", origin=origin)
    assert resumed_config(run, "vocoder", origin=origin).method.name == "vocoder"
    with pytest.raises(MelganVcError, match=r"--to rock \(it began with jazz\)"):
        resumed_config(run, "vocoder", origin=Origin(converted_by="/runs/jazz", to="rock"))
