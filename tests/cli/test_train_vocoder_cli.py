"""``train_cli.py vocoder``: from a folder of audio to a vocoder that converts; what goes wrong is told at once."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from melgan_vc.runs.run_files import RunFiles

NEW = ["--data", "voices", "--run", "run", "--preset", "debug"]


@pytest.fixture
def here(tmp_path, monkeypatch, record):
    """A folder ``voices`` of three recordings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MELGAN_VC_CACHE", str(tmp_path / "cache"))
    for name in "abc":
        record(f"voices/{name}.wav", seconds=1.0)
    return tmp_path


def test_it_trains_goes_on_converts_and_is_begun_with(here, command, refused, identity_run):
    done = command("train", "vocoder", *NEW, "--steps", 4)
    assert done.exit_code == 0, done.output
    assert "--vocoder run" in done.output
    assert "makes sound of log-mel" in Path("run/README.md").read_text().lower()
    assert {path.suffix for path in Path("run/samples").rglob("*.*")} == {".png", ".flac"}

    done = command("train", "vocoder", *NEW, "--resume", "--steps", 6)
    assert done.exit_code == 0, "the command that began it, with --resume added"
    (folder,) = {report["folder"] for report in json.loads(Path("run/corpus.json").read_text())}
    assert folder == str(Path("voices").absolute()), "a run goes on from any working folder"
    assert json.loads(Path("run/checkpoints/latest.json").read_text())["step"] == 6

    done = command("convert", "voices/a.wav", "--model", identity_run, "--vocoder", "run", "--output", "a.wav")
    assert done.exit_code == 0 and "sound by run" in done.output, done.output
    converted, rate = soundfile.read("a.wav")
    assert (len(converted), rate) == (8000, 8000) and np.abs(converted).max() > 0.01

    # Of any start: what edits two iterations of Griffin-Lim can go on with three.
    more = ["--start-from", "run", "--converted-by", identity_run, "--steps", 1, "--set", "method.start_iterations=3"]
    done = command("train", "vocoder", *NEW[:2], "--run", "tuned", "--preset", "debug", *more)
    assert done.exit_code == 0, done.output
    assert Path(json.loads(RunFiles(Path("tuned")).origin.read_text())["start_from"]) == here / "run"
    wider = ["--run", "wide", "--start-from", "run", "--set", "method.blocks=3"]
    assert "method.blocks is 3 in the run and 2 in run" in refused("train", "vocoder", *NEW[:2], *NEW[4:], *wider)
    without = ["--run", "pure", "--start-from", "run", "--set", "method.start_iterations=none"]
    message = refused("train", "vocoder", *NEW[:2], *NEW[4:], *without)
    assert "method.start_iterations is none in the run and of some number in run" in message


def test_what_a_model_makes_of_a_recording_is_paired_with_it(here, identity_run, capsys):
    """The identity gives the recording's own log-mel back: twice as many files, the second with features."""
    from rich.console import Console

    from melgan_vc.methods.loading import load_conversion
    from melgan_vc.methods.presets import preset
    from melgan_vc.methods.vocoder.corpus import wave_files
    from melgan_vc.training.train import prepare_domains

    config, quiet = preset("debug", "vocoder"), Console(quiet=True)
    domains = prepare_domains(config, {"data": here / "voices"}, cache=here / "cache", console=quiet)
    files = wave_files(config, [domain.train for domain in domains], quiet, load_conversion(identity_run))
    plain, converted = files[::2], files[1::2]
    assert len(plain) == len(converted) == len(domains[0].train)
    for one, other, index in zip(plain, converted, range(3), strict=False):
        assert one.features is None and one.waveform == other.waveform
        np.testing.assert_allclose(np.load(other.features), domains[0].train[index], atol=2e-3)
        assert np.load(other.start).shape == (other.frames * config.mel.hop_length,)


def test_each_recording_is_learned_from_in_a_room_as_well(here):
    """Twice as many files, the second with another waveform and the start of it; made once."""
    from rich.console import Console

    from melgan_vc.methods.presets import preset
    from melgan_vc.methods.registry import build_method
    from melgan_vc.methods.vocoder.corpus import wave_files
    from melgan_vc.training.train import prepare_domains

    config, quiet = preset("debug", "vocoder").with_overrides(["method.rooms=true"]), Console(quiet=True)
    domains = prepare_domains(config, {"data": here / "voices"}, cache=here / "cache", console=quiet)
    stores = [domain.train for domain in domains]
    files = wave_files(config, stores, quiet)
    for one, other in zip(files[::2], files[1::2], strict=True):
        clean, heard = (np.load(file.waveform).astype(np.float32) for file in (one, other))
        assert clean.shape == heard.shape and 0.02 < np.std(heard - clean) / np.std(clean) < 2.0
        starts = [np.load(file.start).astype(np.float32) for file in (one, other)]
        assert starts[0].shape == starts[1].shape and np.abs(starts[0] - starts[1]).max() > 0.01
    made = files[1].waveform.stat().st_mtime_ns
    assert wave_files(config, stores, quiet) == files
    assert files[1].waveform.stat().st_mtime_ns == made
    log_mels, waves, starts = build_method(config).batches(stores, console=quiet).batch(0)
    assert log_mels.shape[:2] == (config.training.batch_size, config.method.width) and waves.shape == starts.shape


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--run", "run"], "Expected --data, a folder of audio or several, for vocoder, received: none"),
        ([*NEW[:4], "--preset", "paper"], "Expected a preset among voice, music, debug, received: 'paper'"),
        ([*NEW, "--data", "nowhere"], "received: nowhere (it does not exist)"),
        ([*NEW, "--to", "target"], "Expected --to with --converted-by MODEL"),
        ([*NEW, "--start-from", "nowhere"], "received: nowhere (it does not exist)"),
        ([*NEW, "--set", "method.causal=true"], "start_iterations=none"),
        ([*NEW, "--device", "gpuu"], "did you mean 'gpu'?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistakes(here, refused, arguments, said):
    assert said in refused("train", "vocoder", *arguments)
    assert not Path("run/config.json").exists()


def test_a_model_that_converts_is_no_vocoder_to_begin_with(here, refused, identity_run):
    assert "which is of travelgan" in refused("train", "vocoder", *NEW, "--start-from", identity_run)
    assert "which is of travelgan" in refused("train", "vocoder", "--run", identity_run, "--resume")


def test_a_model_of_other_log_mels_is_refused_with_both_values(here, refused, identity_run):
    other = ["--converted-by", identity_run, "--set", "mel.hop_length=64"]
    assert "hop_length is 64 in the vocoder and 128 in the model" in refused("train", "vocoder", *NEW, *other)


def test_a_causal_one_says_its_latency(here, command, identity_run):
    causal = ["--set", "method.start_iterations=none", "--set", "method.causal=true", "--steps", 1]
    assert command("train", "vocoder", *NEW, *causal).exit_code == 0
    done = command("convert", "voices/a.wav", "--model", identity_run, "--vocoder", "run", "--output", "a.wav")
    assert done.exit_code == 0
    assert "Latency of the vocoder run: 64 ms." in done.stderr  # a window of 512 samples at 8 kHz
