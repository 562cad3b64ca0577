"""Voices to speak with: ``--voice NAME=DIR``, ``--target``, ``--source``, ``--to``, ``--semitones``."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

import melgan_vc as mv
from melgan_vc.cli.common import parse_voices
from melgan_vc.errors import MelganVcError
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_network
from melgan_vc.methods.resumed_config import resumed_config
from melgan_vc.runs.folders_of_domains import domain_folders, with_domains
from melgan_vc.runs.run_folder import RunFolder

STUDENT = preset("student", "autoencoder")


def test_voices_are_named_in_their_order():
    found = parse_voices(["boris=voices/b", "anna = voices/a"])
    assert list(found.items()) == [("boris", Path("voices/b")), ("anna", Path("voices/a"))]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["voices/anna"], "Expected --voice NAME=DIR, as in anna=voices/anna, received: 'voices/anna'"),
        (["a=1", "a=2"], "Expected every name once in --voice, received: a twice (1 and 2)"),
        (["source=1"], "Expected another name than that of an option in --voice, received: source"),
        (["target=1"], "Expected another name than that of an option in --voice, received: target"),
        (["a/b=1"], "without slashes and without a leading '-' in --voice, received: 'a/b'"),
    ],
)
def test_options_that_are_refused(options, message):
    with pytest.raises(MelganVcError, match=re.escape(message)):
        parse_voices(options, beside=["target"])


@pytest.mark.parametrize(
    ("given", "voices", "sources"),
    [
        ({"target": "t"}, ("target",), ()),
        ({"anna": "a", "boris": "b"}, ("anna", "boris"), ()),
        ({"anna": "a", "source": "s"}, ("anna",), ("source",)),
        ({"source": "s", "target": "t"}, ("target",), ("source",)),
    ],
)
def test_which_folders_are_voices_and_which_are_only_heard(given, voices, sources):
    config = with_domains(STUDENT, given)
    assert (config.method.domains, config.method.sources) == (voices, sources)
    assert list(domain_folders(config, given)) == [*voices, *sources]


@pytest.mark.parametrize(
    ("given", "received"), [({}, "none"), ({"source": "s"}, "source")], ids=["nothing", "a source alone"]
)
def test_without_a_voice_it_is_told_what_is_wanted(given, received):
    wanted = (
        f"Expected --voice NAME=DIR for each of 1 to 100 voices, or --target, for autoencoder, received: {received}"
    )
    with pytest.raises(MelganVcError, match=wanted):
        with_domains(STUDENT, given)


@pytest.mark.parametrize("setting", ["method.content=student", "method.content=recognizer"])
def test_a_source_is_taken_where_a_setting_makes_use_of_it(setting):
    """Folders and settings are judged together."""
    asked = [setting, "method.consistency=1"]
    config = with_domains(preset("voice", "autoencoder"), {"target": "a", "source": "s"}, asked)
    assert config.method.sources == ("source",) and config.method.consistency == 1.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--voice", "anna=a", "--voice", "anna=b"], "Expected every name once in --voice, received: anna twice"),
        (["--voice", "source=a"], "Expected another name than that of an option in --voice, received: source"),
        (["--target", "t", "--source", "s"], "expected sources only with content=student"),
        (["--source", "s"], "or --target, for autoencoder, received: source"),
        (["--voice", "a=a", "--set", "method.domains=[]"], "Expected the domains of --voice NAME=DIR alone"),
        (["--voice", "a=a", "--set", "method.sources=[]"], "Expected the domains of --voice NAME=DIR alone"),
        (["--voice", "a=nowhere"], "nowhere"),
    ],
)
def test_a_training_that_is_refused_leaves_nothing(refused, tmp_path, options, message):
    run = tmp_path / "run"
    error = refused(
        "train", "autoencoder", "--preset", "debug", "--run", run, "--cache", tmp_path / "cache", *options
    )
    assert message in error and not run.exists()


def test_a_folder_without_a_voice_is_refused_and_leaves_nothing(refused, record, tmp_path):
    record("noise/one.wav", seconds=2.0)
    run = tmp_path / "run"
    options = ["--preset", "debug", "--steps", 1, "--cache", tmp_path / "cache", "--run", run]
    told = refused("train", "autoencoder", "--voice", f"anna={tmp_path / 'noise'}", *options)
    assert f"Expected somebody who speaks in the folder of anna, received: {tmp_path / 'noise'}, in which" in told
    assert not run.exists() and not (tmp_path / "cache").exists(), "before features are made of hours of it"


def test_a_run_goes_on_by_the_config_that_it_began_with(tmp_path):
    """Its sources are among its folders."""
    config, run = with_domains(STUDENT, {"anna": "a", "source": "s"}), RunFolder(tmp_path / "run")
    run.save_config(config)
    (tmp_path / "config.json").write_text((run.path / "config.json").read_text())
    assert resumed_config(run.path, "autoencoder", config=tmp_path / "config.json") == config


def speaking_run(path, *voices) -> Path:
    """A run folder of untrained networks for these voices, an octave apart."""
    config = preset("debug", "autoencoder").with_overrides([f"method.domains={json.dumps(voices)}"])
    folder, network = RunFolder(path), build_network(config)
    network.decoder.pitches.assign([[0.5 + voice, 0.2] for voice in range(len(voices))])
    folder.save_config(config)
    network.save_weights(folder.weights_file)
    return folder.path


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    return speaking_run(tmp_path_factory.mktemp("runs") / "alone", "anna")


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    return speaking_run(tmp_path_factory.mktemp("runs") / "two", "anna", "boris")


def test_one_voice_alone_need_not_be_named(command, record, tmp_path, alone):
    made = tmp_path / "made.wav"
    result = command("convert", record("x.wav"), "--model", alone, "-o", made, "--iterations", 1)
    assert result.exit_code == 0, result.output
    assert soundfile.info(made).frames == 4000


def test_one_of_several_voices_has_to_be(refused, record, two):
    told = refused("convert", record("x.wav"), "--model", two)
    assert "Expected --to NAME, received: none. The model's voices: anna, boris" in told


def test_semitones_are_heard(command, tmp_path, alone, sing):
    """The same file, told to be higher, is another; without them it is the same again."""
    soundfile.write(tmp_path / "x.wav", 0.3 * sing(np.full(8000, 150.0), rate=8000), 8000)
    made = {}
    for name, options in {
        "plain": [],
        "again": [],
        "higher": ["--semitones", 7],
        "flat": ["--pitch-range", 0],
        "sung": ["--semitones", "auto"],
    }.items():
        options = [*options, "-o", tmp_path / f"{name}.wav", "--iterations", 1]
        assert command("convert", tmp_path / "x.wav", "--model", alone, *options).exit_code == 0
        made[name] = soundfile.read(tmp_path / f"{name}.wav")[0]
    np.testing.assert_array_equal(made["plain"], made["again"])
    assert np.abs(made["higher"] - made["plain"]).max() > 0.01
    model = mv.load_model(alone, iterations=1)
    wave = soundfile.read(tmp_path / "x.wav")[0]
    for name, options in {
        "higher": {"semitones": 7},
        "flat": {"pitch_range": 0},
        "sung": {"semitones": "auto"},
        "plain": {},
    }.items():
        np.testing.assert_allclose(model.convert(wave, 8000, **options), made[name], atol=2.0**-14, err_msg=name)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"semitones": "high"}, "Expected --semitones with a number from -24 to 24"),
        ({"pitch_range": -1}, "Expected --pitch-range with a number from 0, received: -1"),
        ({"retrieval": 1.5}, "Expected --retrieval with a number from 0 to 1, received: 1.5"),
        (
            {"retrieval": 0.3},
            "received: a run that keeps none, of content=bottleneck. Train one of content=recognizer",
        ),
    ],
)
def test_what_a_model_cannot_do_is_said_in_python_too(alone, options, message):
    with pytest.raises(MelganVcError, match=message):
        mv.load_model(alone).convert(np.zeros(4000), 8000, **options)


@pytest.mark.parametrize("asked", ["high", "auto3", "autos", "25", "auto-30", "nan"])
def test_what_is_no_number_of_semitones_is_refused(refused, record, alone, asked):
    told = refused("convert", record("x.wav"), "--model", alone, "--semitones", asked)
    assert "Expected --semitones with a number from -24 to 24, auto, or auto and a number such as auto-2" in told
    assert f"received: {asked}" in told


def test_a_song_has_its_own_range(refused, record, alone):
    told = refused("convert", record("x.wav"), "--model", alone, "--semitones", "auto", "--pitch-range", 2)
    assert "Expected no --pitch-range with --semitones auto, which keeps the intervals of a song" in told


@pytest.mark.parametrize("options", [["--semitones", 3], ["--pitch-range", 0.5], ["--semitones", "auto"]])
def test_a_method_that_is_not_told_the_pitch_refuses_to_move_it(refused, record, identity_run, options):
    told = refused("convert", record("x.wav"), "--model", identity_run, *options)
    assert (
        "Expected --semitones and --pitch-range with a run of a method that is told the pitch, received: travelgan"
        in told
    )


@pytest.mark.parametrize("seconds", [3.0, 0.5])
def test_a_source_in_which_nobody_speaks_is_converted_with_a_warning(command, record, tmp_path, alone, seconds):
    """Of half a second nothing is said: a word may have no voiced sound."""
    source, made = record("noise.wav", seconds=seconds), tmp_path / "made.wav"
    result = command("convert", source, "--model", alone, "-o", made, "--iterations", 1)
    assert result.exit_code == 0 and soundfile.info(made).frames == 8000 * seconds
    told = f"Warning: {source}: nobody seems to speak in its first half minute of sound: of what sounds 0% has"
    assert (told in result.stderr) is (seconds > 1.0), result.stderr


def test_a_part_in_which_somebody_speaks_is_enough(alone, sing, draw):
    """Of two channels that are apart, one has noise and the other a voice: that is a guest at a microphone."""
    from melgan_vc.convert.first_pass import first_pass
    from melgan_vc.methods.loading import load_conversion

    seconds = np.arange(24000) / 8000
    voice = 0.1 * sing(150.0 * 2.0 ** (0.2 * np.sin(2 * np.pi * 2.0 * seconds)), rate=8000)
    noise, other = 0.1 * draw.standard_normal((2, 24000)).astype(np.float32)
    model = load_conversion(alone)
    assert len(first_pass([np.stack([noise, other], axis=1)], 8000, model).doubts(model)) == 1
    assert first_pass([np.stack([voice, noise], axis=1)], 8000, model).doubts(model) == ()


@pytest.fixture
def speaking(monkeypatch):
    """Stands in for the print of a speaker: who is loud is one person, and who is not another."""
    from melgan_vc.corpus import heard_folder

    class Print:
        def embed(self, wave, rate):
            return np.eye(2)[int(np.abs(wave).max() > 0.5)]

    monkeypatch.setattr(heard_folder, "SpeakerPrint", Print)


@pytest.fixture
def chatter(tmp_path, sing):
    """A folder of six recordings of 3 s whose pitch moves, two of them louder than the rest."""
    seconds = np.arange(24000) / 8000
    wave = sing(150.0 * 2.0 ** (0.2 * np.sin(2 * np.pi * 2.0 * seconds)), rate=8000)
    wave = wave / np.abs(wave).max()
    (tmp_path / "chatter").mkdir()
    for number in range(6):
        soundfile.write(tmp_path / "chatter" / f"{number}.wav", (0.9 if number < 2 else 0.3) * wave, 8000)
    return tmp_path / "chatter"


def test_inspecting_says_that_a_folder_is_two_people(command, chatter, speaking):
    told = " ".join(command("melgan-vc", "inspect", chatter).output.split())
    assert "0.3 minutes of sound; below 5 the critic learns the recordings by heart. Add more: 20 are good." in told
    assert "of 6 clips, 2 are unlike the rest (0, 1)" in told
    told = " ".join(command("melgan-vc", "inspect", chatter, "--preset", "music").output.split())
    assert "unlike the rest" not in told, "music is not of one person"


def test_inspecting_without_the_package_names_it(command, chatter, monkeypatch):
    from melgan_vc.corpus import heard_folder
    from melgan_vc.features.packages import import_evaluator

    def missing():
        import_evaluator("ears_of_nobody", purpose="speaker similarity", install="ears==1")

    monkeypatch.setattr(heard_folder, "SpeakerPrint", missing)
    result = command("melgan-vc", "inspect", chatter)
    assert result.exit_code == 0
    assert "Whether a folder is of one person alone was not found out. Expected ears_of_nobody" in result.output
    assert result.output.count("pip install ears==1") == 1


def test_a_training_on_a_minute_of_two_people_is_warned_of(chatter, speaking):
    """The sentences that a training prints before it makes features; one of sources may be of many people."""
    from melgan_vc.training.listen import listen_to_folders

    config = with_domains(STUDENT, {"anna": chatter, "source": chatter})
    said = []
    listen_to_folders(config, {"source": chatter}, say=said.append)
    assert said == []
    listen_to_folders(config, {"anna": chatter}, say=said.append)
    assert len(said) == 1 and "sounds like more than one person" in said[0]
    listen_to_folders(preset("voice"), {"target": chatter}, say=said.append)
    assert len(said) == 1, "of another method's folders nothing is asked"


def test_speech_is_no_ensemble_to_learn(chatter):
    from melgan_vc.training.listen import listen_to_folders

    config = with_domains(preset("music", "autoencoder"), {"strings": chatter})
    with pytest.raises(MelganVcError, match="Expected music in the folder of strings, .* somebody seems to speak"):
        listen_to_folders(config, {"strings": chatter}, say=print)
