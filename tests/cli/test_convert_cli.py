"""``convert_cli.py``: what it writes, what it says, what it refuses."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import soundfile

from melgan_vc.audio.pitch import median_pitch
from melgan_vc.methods import loading

REPOSITORY = Path(__file__).parents[2]


def process(*arguments, stdin=b""):
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, REPOSITORY / "convert_cli.py", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        input=stdin,
        capture_output=True,
        timeout=900,
    )


def test_a_file(record, identity_run, tmp_path):
    song = record("my song [live] – naïve.flac", rate=44100)
    done = process(song, "--model", identity_run, "--picture")
    assert (done.returncode, done.stderr.decode()) == (0, "")
    converted = tmp_path / "my song [live] – naïve.converted.flac"
    assert f"{song} -> {converted}" in done.stdout.decode()
    assert "1 file(s), 0.5 s of audio in" in done.stdout.decode()
    assert "on cpu (tensorflow): real-time factor" in done.stdout.decode()
    assert soundfile.info(converted).frames == 22050 and soundfile.info(converted).samplerate == 44100
    assert converted.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
    assert len(list(tmp_path.iterdir())) == 3, "nothing else is left"


def test_both_directions(command, refused, record, both_ways_run, tmp_path):
    song = record("song.wav")
    for to, loud in (([], True), (["--to", "target"], True), (["--to", "source"], False)):
        assert command("convert", song, "--model", both_ways_run, "--force", *to).exit_code == 0
        converted, _ = soundfile.read(tmp_path / "song.converted.wav")
        assert (abs(converted).max() > 0.05) == loud, to
    assert "did you mean 'source'?" in refused("convert", song, "--model", both_ways_run, "--force", "--to", "soruce")


def test_the_other_direction_of_a_model_that_has_one(refused, record, identity_run):
    message = refused("convert", record("song.wav"), "--model", identity_run, "--to", "source")
    assert (
        "Expected --to target, received: source. A run of travelgan converts one way only; train a method" in message
    )
    assert "(cyclegan, stargan)" in message


@pytest.fixture
def voice(tmp_path):
    """``voice(name, pitch)`` writes two seconds of a sound with the harmonics of a voice; returns its path."""

    def write(name, pitch):
        time = np.arange(16000) / 8000
        wave = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 16) if pitch * k < 3600)
        soundfile.write(tmp_path / name, 0.1 * wave * (1.1 + np.sin(4 * np.pi * time)), 8000)
        return tmp_path / name

    return write


def pitch_of(path) -> float:
    return median_pitch(*soundfile.read(path, dtype="float32"))


def test_a_voice_goes_to_the_pitch_of_the_one_that_is_named(command, voice, voices_run, tmp_path):
    """Wherever the input's lies: it is measured."""
    for pitch in (150, 200):
        song = voice("song.wav", pitch)
        assert pitch_of(song) == pytest.approx(pitch, rel=0.02)
        for name, wanted in (("ann", 200), ("bob", 120), ("cat", 230)):
            result = command("convert", song, "--model", voices_run, "--to", name, "--force")
            assert result.exit_code == 0, result.output
            assert pitch_of(tmp_path / "song.converted.wav") == pytest.approx(wanted, rel=0.1), name


def test_a_voice_goes_to_the_pitch_of_the_one_in_a_clip(command, voice, voices_run, tmp_path):
    song, clip = voice("song.wav", 200), voice("clip.wav", 140)
    assert command("convert", song, "--model", voices_run, "--like", clip).exit_code == 0
    assert pitch_of(tmp_path / "song.converted.wav") == pytest.approx(140, rel=0.1)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([], "Expected --to NAME or --like FILE, received: neither. The model's domains: bob, cat, ann"),
        (["--to", "bobb"], "Expected --to among bob, cat, ann, received: 'bobb'; did you mean 'bob'?"),
        (["--to", "bob", "--like", "clip.wav"], "Expected --to or --like, received both"),
        (["--like", "missing.wav"], "missing.wav"),
        (["--like", "short.wav"], "at least 0.5 s of sound, received: short.wav, which is 0.25 s"),
        (["--like", "silent.wav"], "at least 0.5 s of sound, received: silent.wav, which is silent"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_a_model_of_many_voices_refuses(refused, record, voices_run, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    song = record("song.wav", seconds=1.0)
    record("short.wav", seconds=0.25)
    soundfile.write("silent.wav", np.zeros(8000), 8000)
    assert message in refused("convert", song, "--model", voices_run, *arguments)
    assert not Path("song.converted.wav").exists()


def test_a_model_of_one_style_knows_no_other(refused, record, identity_run):
    song = record("song.wav")
    message = refused("convert", song, "--model", identity_run, "--like", song)
    assert "received: --like, a reference. A run of this method knows no styles but those of its domains" in message


def test_standard_input_to_standard_output(record, identity_run, tmp_path):
    done = process("-", "--model", identity_run, stdin=record("in.flac").read_bytes())
    assert done.returncode == 0
    wave, rate = soundfile.read(io.BytesIO(done.stdout))
    assert (len(wave), rate) == (4000, 8000)
    told = done.stderr.decode()
    assert "standard input -> standard output" in told
    assert re.search(r"1 file\(s\), 0\.5 s of audio in .* s on cpu \(tensorflow\): real-time factor", told)


def test_standard_input_to_a_file(command, record, identity_run, tmp_path):
    content = record("in.wav").read_bytes()
    result = command("convert", "-", "--model", identity_run, "-o", tmp_path / "out.flac", stdin=content)
    assert result.exit_code == 0 and soundfile.info(tmp_path / "out.flac").frames == 4000


def test_a_folder_with_a_bad_file(command, record, identity_run, tmp_path, monkeypatch):
    loaded = []
    load = loading.load_conversion
    monkeypatch.setattr(loading, "load_conversion", lambda run, **to: (loaded.append(run), load(run, **to))[1])
    record("album/a.wav"), record("album/disc 2/c.flac")
    (tmp_path / "album" / "b.wav").write_text("no sound")
    result = command("convert", tmp_path / "album", "--model", identity_run)
    assert result.exit_code == 1
    results = sorted(path.relative_to(tmp_path) for path in tmp_path.glob("album-converted/**/*.*"))
    assert results == [Path("album-converted/a.wav"), Path("album-converted/disc 2/c.flac")]
    *_, error, summary = result.stderr.strip().splitlines()
    assert error.startswith("Error: Expected an audio file, received: ") and "b.wav" in error
    assert summary == "1 of 3 files could not be converted."
    assert "2 file(s), 1.0 s of audio" in result.stdout
    assert loaded == [identity_run], "the model is loaded once"

    again = command("convert", tmp_path / "album", "--model", identity_run)
    assert again.exit_code == 1 and "3 of 3 files could not be converted." in again.stderr


def test_every_file_of_a_glob(command, record, identity_run, tmp_path):
    record("x1.wav"), record("x2.wav"), record("y.wav")
    out = tmp_path / "out"
    result = command("convert", tmp_path / "x*.wav", "--model", identity_run, "-o", out, "--format", "flac")
    assert result.exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == ["x1.flac", "x2.flac"]


def test_nothing_is_replaced_without_force(command, refused, record, identity_run, tmp_path):
    song, existing = record("song.wav"), tmp_path / "song.converted.wav"
    existing.write_text("precious")
    assert str(existing) in refused("convert", song, "--model", identity_run)
    assert existing.read_text() == "precious"
    assert command("convert", song, "--model", identity_run, "--force").exit_code == 0
    assert soundfile.info(existing).frames == 4000


def test_the_input_is_never_replaced(refused, record, identity_run):
    song = record("song.wav")
    before = song.read_bytes()
    message = refused("convert", song, "--model", identity_run, "--output", song, "--force")
    assert "Expected an output other than the input" in message and song.read_bytes() == before


def has_gpu() -> bool:
    if keras.backend.backend() == "jax":
        return False
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))


@pytest.mark.skipif(has_gpu(), reason="this machine has a GPU")
def test_a_device_that_is_absent(refused, record, identity_run, tmp_path):
    message = refused("convert", record("song.wav"), "--model", identity_run, "--device", "gpu")
    assert "Expected a GPU for --device gpu, received: none" in message
    assert not (tmp_path / "song.converted.wav").exists()


def test_a_mistyped_device(refused, record, identity_run):
    message = refused("convert", record("song.wav"), "--model", identity_run, "--device", "gpuu")
    assert "received: 'gpuu'; did you mean 'gpu'?" in message


def test_an_unknown_backend(refused, record, identity_run, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert "tensorflow or jax, received: 'torch'" in refused("convert", record("song.wav"), "--model", identity_run)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (
            ["song.wav", "--model", "no-run"],
            "Expected a run folder or a model's name, received: no-run (it does not exist)",
        ),
        (["sing.wav", "--model", "run"], "did you mean 'song.wav'"),
        (["empty.wav", "--model", "run"], "empty.wav"),
        (["words.wav", "--model", "run"], "words.wav"),
        (["no*thing.wav", "--model", "run"], "(no match)"),
        (["empty", "--model", "run"], "received: empty (none found in it)"),
        (["-", "song.wav", "--model", "run"], "Expected - alone"),
        (["-", "--model", "run"], "received: "),
        (["song.wav", "song.wav", "--model", "run"], "would both become"),
        (["song.wav", "--model", "run", "--format", "mp33"], "mp3"),
        (["song.wav", "--model", "run", "--output", "out.mp33"], "received: out.mp33; did you mean '.mp3'?"),
        (["song.wav", "--model", "run", "--output", "out.wma"], "Expected a file name that ends in one of"),
        (["song.wav", "--model", "empty"], "there is no config.json"),
        (["song.wav", "--model", "song.wav"], "song.wav"),
        (["song.wav", "--model", "typo"], "unknown key 'method.margn'; did you mean 'method.margin'?"),
        (["song.wav", "--model", "other"], "weights of a paper_generator"),
        (["song.wav", "--model", "untrained"], "without weights.weights.h5"),
        (["song.wav", "--model", "cut off"], "damaged"),
    ],
)
def test_bad_input(refused, record, identity_run, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    record("song.wav")
    Path("empty.wav").touch()
    Path("words.wav").write_text("no sound")
    Path("empty").mkdir()
    for name in ("run", "typo", "other", "untrained", "cut off"):
        shutil.copytree(identity_run, name)
    config = json.loads(Path("run/config.json").read_text())
    config["method"]["margn"] = config["method"]["margin"]
    Path("typo/config.json").write_text(json.dumps(config))
    text = Path("run/config.json").read_text()
    Path("other/config.json").write_text(text.replace('"residual"', '"paper"'))
    Path("untrained/weights.weights.h5").unlink()
    Path("cut off/weights.weights.h5").write_bytes(Path("run/weights.weights.h5").read_bytes()[:9000])
    before = sorted(Path().rglob("*"))
    assert message in refused("convert", *arguments, stdin=b"")
    assert sorted(Path().rglob("*")) == before, "nothing is left behind"
