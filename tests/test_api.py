"""``import melgan_vc as mv``: what a program or a notebook can ask of the package."""

import json
import os
import shutil
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest
import soundfile

import melgan_vc as mv
from melgan_vc.convert.stream import convert_file
from melgan_vc.methods.loading import load_conversion
from melgan_vc.methods.registry import build_network
from melgan_vc.pretrained import catalogue
from melgan_vc.runs.run_folder import RunFolder
from melgan_vc.vocoders.griffin_lim import GriffinLim

RATE = 8000
REPOSITORY = Path(__file__).parents[1]


def chirps(seconds, low, high, seed):
    """Tones that glide between two frequencies, with a little noise."""
    time = np.arange(int(seconds * RATE)) / RATE
    pitch = low + (high - low) * (0.5 + 0.5 * np.sin(2 * np.pi * time))
    noise = np.random.default_rng(seed).standard_normal(len(time))
    return (0.2 * np.sin(2 * np.pi * np.cumsum(pitch) / RATE) + 0.005 * noise).astype(np.float32)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("audio")
    for name, (low, high) in {"source": (300, 600), "target": (900, 1800)}.items():
        (root / name).mkdir()
        for seed in range(2):
            soundfile.write(root / name / f"{seed}.wav", chirps(3, low, high, seed), RATE)
    return root / "source", root / "target"


@pytest.fixture(scope="module")
def options(tmp_path_factory):
    return {"preset": "debug", "cache": tmp_path_factory.mktemp("cache"), "quiet": True}


@pytest.fixture(scope="module")
def model(folders, options, tmp_path_factory):
    run = tmp_path_factory.mktemp("runs") / "trained"
    return mv.train(*folders, run, steps=5, overrides={"method.identity": 3, "method.pairs": "single"}, **options)


@pytest.fixture(scope="module")
def voices(folders, tmp_path_factory):
    """A folder for each of three domains, in an order that is not the alphabet's."""
    middle = tmp_path_factory.mktemp("audio") / "middle"
    middle.mkdir()
    for seed in range(2):
        soundfile.write(middle / f"{seed}.wav", chirps(3, 500, 1000, seed), RATE)
    return {"low": folders[0], "middle": middle, "high": folders[1]}


@pytest.fixture(scope="module")
def of_voices(voices, options, tmp_path_factory):
    """A model of many voices."""
    run = tmp_path_factory.mktemp("runs") / "voices"
    return mv.train(run=run, domains=voices, method="stargan", steps=2, **options)


@pytest.fixture(scope="module")
def of_two_ways(tmp_path_factory):
    """An untrained model of cyclegan, a plain copy; its way back makes everything silent."""
    folder, config = RunFolder(tmp_path_factory.mktemp("runs") / "two ways"), mv.preset("debug", "cyclegan")
    network = build_network(config)
    network.to_source.trainable_variables[-1].assign([-20.0] * config.mel.n_mels)
    folder.save_config(config)
    network.save_weights(folder.weights_file)
    return mv.load_model(folder.path)


def modules_after(code):
    code = f"import sys; import melgan_vc as mv; {code}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_it_imports_nothing_else():
    loaded = modules_after("mv.__version__")
    assert {name for name in loaded if name.startswith("melgan_vc")} == {"melgan_vc"}
    assert not loaded & {"numpy", "pydantic", "matplotlib", "keras", "tensorflow", "jax"}


def test_no_engine_starts_before_something_is_loaded_or_trained():
    loaded = modules_after("[getattr(mv, name) for name in mv.__all__]")
    assert {"melgan_vc.api", "melgan_vc.plot"} <= loaded
    assert not loaded & {"keras", "tensorflow", "jax", "matplotlib.pyplot"}


def test_every_public_name_is_there_and_is_listed():
    assert {"load_model", "train", "plot", "read", "log_mel", "MelConfig"} <= set(mv.__all__) <= set(dir(mv))
    assert all(getattr(mv, name).__doc__ for name in mv.__all__ if name != "__version__")
    with pytest.raises(AttributeError, match="no attribute 'lod_model'"):
        mv.lod_model  # noqa: B018


def test_overrides_are_the_runs_settings(model):
    assert (model.config.method.identity, model.config.method.pairs) == (3.0, "single")
    assert model.config.training.steps == 5


@pytest.mark.parametrize("rate", [8000, 22050, 48000])
@pytest.mark.parametrize("shape", [(1,), (12_347,), (9_999, 1), (9_999, 2)])
def test_shape_and_length_are_the_inputs(model, draw, rate, shape):
    converted = model.convert(0.1 * draw.standard_normal(shape), rate)
    assert converted.shape == shape and converted.dtype == np.float32
    assert np.isfinite(converted).all()


def test_a_waveform_becomes_what_its_file_becomes(model, tmp_path):
    wave = np.stack([chirps(10, 300, 600, 1), chirps(10, 400, 900, 2)], axis=1)  # more than one block
    soundfile.write(tmp_path / "in.wav", wave, RATE, subtype="FLOAT")
    run = load_conversion(model.run)
    convert_file(tmp_path / "in.wav", tmp_path / "out.wav", model=run, vocoder=GriffinLim(run.config.mel))
    from_file, _ = soundfile.read(tmp_path / "out.wav")
    step = 2.0**-15  # of the 16 bits that the file is written in
    np.testing.assert_allclose(model.convert(wave, RATE), from_file, atol=step)


def test_the_level_comes_back_and_silence_stays(model):
    wave = chirps(2, 300, 600, 1)
    for factor in (0.01, 1.0, 3.0):
        converted = model.convert(factor * wave, RATE)
        assert np.std(converted) == pytest.approx(factor * np.std(model.convert(wave, RATE)), rel=0.05)
    assert np.abs(model.convert(np.zeros(4000), RATE)).max() < 2e-4


def test_identical_channels_come_out_identical_and_others_do_not(model):
    one, other = chirps(1, 300, 600, 1), chirps(1, 900, 950, 2)
    twice = model.convert(np.stack([one, one], axis=1), RATE)
    both = model.convert(np.stack([one, other], axis=1), RATE)
    np.testing.assert_array_equal(twice[:, 0], twice[:, 1])
    assert np.corrcoef(both.T)[0, 1] < 0.5


WRONG = {
    "integers": (np.zeros(100, np.int16), 8000, "received: int16; divide it by 32768"),
    "words": (np.array(["a", "b"]), 8000, "waveform of floats"),
    "no samples": (np.zeros(0), 8000, r"received: shape \(0,\)"),
    "three axes": (np.zeros((10, 2, 2)), 8000, r"received: shape \(10, 2, 2\)"),
    "channels first": (np.zeros((2, 8000)), 8000, "pass wave.T"),
    "not a number": (np.array([[0.0, 0.1], [0.0, np.nan]]), 8000, r"received: nan at index \(1, 1\)"),
    "no rate": (np.zeros(100), 0, "whole Hz, received: rate=0"),
    "a broken rate": (np.zeros(100), 22050.5, "whole Hz, received: rate=22050.5"),
    "a rate that is no number": (np.zeros(100), np.nan, "whole Hz, received: rate=nan"),
    "a rate without an end": (np.zeros(100), np.inf, "whole Hz, received: rate=inf"),
    "a rate in words": (np.zeros(100), "8000", "whole Hz, received: rate='8000'"),
    "a rate that is none": (np.zeros(100), True, "whole Hz, received: rate=True"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_waveform_gets_a_sentence(model, what):
    wave, rate, message = WRONG[what]
    with pytest.raises(mv.MelganVcError, match=message):
        model.convert(wave, rate)


@pytest.mark.parametrize("kind", [float, np.float64, np.float32, np.int64, np.uint16], ids=lambda kind: kind.__name__)
def test_a_rate_is_any_number_that_is_whole(model, kind):
    """Many libraries give rates as floats, and numpy its own integers."""
    wave = chirps(0.5, 300, 600, 1)
    np.testing.assert_array_equal(model.convert(wave, kind(16000)), model.convert(wave, 16000))
    np.testing.assert_array_equal(model.embed(wave, kind(16000)), model.embed(wave, 16000))
    assert mv.plot.spectrogram(wave, rate=kind(16000)).axes


def test_a_model_is_loaded_by_path_or_by_name(model, tmp_path, monkeypatch):
    shipped = tmp_path / "shipped"
    for name in ("config.json", "weights.weights.h5"):
        (shipped / "chirp2high").mkdir(parents=True, exist_ok=True)
        shutil.copy(model.run / name, shipped / "chirp2high")
    monkeypatch.setattr(catalogue, "shipped_folder", lambda: shipped)
    assert mv.model_names() == ["chirp2high"]
    wave = chirps(1, 300, 600, 1)
    for name_or_run in ("chirp2high", model.run, str(model.run)):
        np.testing.assert_allclose(mv.load_model(name_or_run).convert(wave, RATE), model.convert(wave, RATE))
    with pytest.raises(mv.MelganVcError, match="did you mean 'chirp2high'"):
        mv.load_model("chirp2hi")
    with pytest.raises(mv.MelganVcError, match="Expected a run folder with its checkpoints"):
        mv.load_model("chirp2high").embed(wave, RATE)


def test_a_vector_for_each_chunk(model):
    chunk = 16 * 128 / RATE  # seconds: half of a window of 32 frames
    wave = chirps(4 * chunk, 300, 600, 1)
    vectors = model.embed(wave, RATE)
    assert vectors.shape == (4, 16) and np.ptp(vectors, axis=0).max() > 1e-3
    assert model.embed(wave[:50], RATE).shape == (1, 16)
    stereo_at_another_rate = np.repeat(np.stack([wave, wave], axis=1), 2, axis=0)
    assert model.embed(stereo_at_another_rate, 2 * RATE).shape == (4, 16)
    np.testing.assert_allclose(mv.load_model(model.run).embed(wave, RATE), vectors, atol=1e-6)


def test_a_run_goes_on_with_its_own_settings(model, folders, options, tmp_path, capsys):
    run = tmp_path / "run"
    shutil.copytree(model.run, run)
    with pytest.raises(mv.MelganVcError, match="holds a run already"):
        mv.train(*folders, run, **options)
    with pytest.raises(mv.MelganVcError, match=r"received: method.margin=1.0 \(it began with 10.0\). A run goes on"):
        mv.train(*folders, run, resume=True, overrides={"method.margin": 1}, **options)
    longer = mv.train(run=run, steps=10, resume=True, **options)
    assert (longer.config.training.steps, longer.config.method.identity) == (10, 3.0)
    assert [row.split(",")[0] for row in (run / "metrics.csv").read_text().splitlines()] == ["step", "5", "10"]
    assert capsys.readouterr() == ("", "")


def test_mistakes_are_told_before_anything_is_made(folders, options, tmp_path):
    with pytest.raises(mv.MelganVcError, match="did you mean 'method.identity'"):
        mv.train(*folders, tmp_path / "run", overrides={"method.identiy": 3}, **options)
    with pytest.raises(mv.MelganVcError, match="did you mean 'voice'"):
        mv.train(*folders, tmp_path / "run", **options | {"preset": "voices"})
    with pytest.raises(mv.MelganVcError, match="it does not exist"):
        mv.train(folders[0], tmp_path / "nothing", tmp_path / "run", **options)
    with pytest.raises(mv.MelganVcError, match="received: vocoder, which converts nothing by itself"):
        mv.train(*folders, tmp_path / "run", method="vocoder", **options)
    assert not (tmp_path / "run" / "config.json").exists()


def test_domains_are_what_it_converts_to(model, of_two_ways, of_voices):
    assert model.domains == ("target",)
    assert of_two_ways.domains == ("target", "source")
    assert of_voices.domains == ("middle", "high", "low") and of_voices.config.method.domains[0] == "low"


def test_of_two_domains_the_first_is_meant(of_two_ways):
    wave = chirps(1, 300, 600, 1)
    there = of_two_ways.convert(wave, RATE)
    np.testing.assert_array_equal(of_two_ways.convert(wave, RATE, to="target"), there)
    assert np.std(of_two_ways.convert(wave, RATE, to="source")) < 0.01 * np.std(there)


def test_what_a_model_of_many_voices_is_told_changes_the_result(of_voices, voices):
    wave = chirps(1, 300, 600, 1)
    clips = [folder / "0.wav" for folder in voices.values()]
    results = [of_voices.convert(wave, RATE, to=name) for name in voices]
    results += [of_voices.convert(wave, RATE, like=clip) for clip in (*clips[:2], str(clips[2]))]
    for number, one in enumerate(results):
        assert one.shape == wave.shape and np.isfinite(one).all()
        assert all(np.abs(one - other).max() > 1e-3 * np.abs(one).max() for other in results[:number])
    np.testing.assert_array_equal(of_voices.convert(wave, RATE, to="low"), results[0])


def test_a_clip_that_is_written_anew_is_heard_anew(of_voices, voices, tmp_path, monkeypatch):
    wave, clip = chirps(1, 300, 600, 1), tmp_path / "clip.wav"
    monkeypatch.chdir(tmp_path)
    shutil.copy(voices["low"] / "0.wav", clip)
    first = of_voices.convert(wave, RATE, like="clip.wav")
    shutil.copy(voices["high"] / "0.wav", clip)
    os.utime(clip, (0, 0))  # a clock may be too coarse to tell the two
    second = of_voices.convert(wave, RATE, like="clip.wav")
    assert np.abs(first - second).max() > 1e-3
    np.testing.assert_array_equal(second, of_voices.convert(wave, RATE, like=voices["high"] / "0.wav"))


@pytest.mark.parametrize(
    "told, message",
    [
        ({}, "Expected --to NAME or --like FILE, received: neither. The model's domains: middle, high, low"),
        ({"to": "low", "like": "clip.wav"}, "Expected --to or --like, received both"),
        ({"to": "middel"}, "among middle, high, low, received: 'middel'; did you mean 'middle'"),
        ({"like": "no such clip.wav"}, "no such clip.wav"),
    ],
)
def test_a_model_of_many_voices_has_to_be_told_one(of_voices, told, message):
    with pytest.raises(mv.MelganVcError, match=message):
        of_voices.convert(chirps(1, 300, 600, 1), RATE, **told)


@pytest.mark.parametrize("name", ["model", "of_two_ways"])
def test_a_model_without_styles_takes_no_clip(request, folders, name):
    with pytest.raises(mv.MelganVcError, match="knows no styles but those of its domains"):
        request.getfixturevalue(name).convert(np.zeros(800), RATE, like=folders[0] / "0.wav")


def test_a_model_that_nobody_has_any_more_is_freed(of_two_ways):
    loaded = mv.load_model(of_two_ways.run)
    loaded.convert(np.zeros(800), RATE)
    gone = weakref.ref(loaded)
    del loaded
    assert gone() is None


def test_a_run_of_many_voices_goes_on_with_what_it_learned_from(of_voices, voices, options, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(of_voices.run, run)
    moved = shutil.copytree(voices["high"], tmp_path / "moved")
    with pytest.raises(mv.MelganVcError, match="the run's, low, middle, high, received: 'hihg'; did you mean 'high'"):
        mv.train(run=run, domains={"hihg": moved}, resume=True, **options)
    longer = mv.train(run=run, domains={"high": moved, "low": voices["low"]}, steps=3, resume=True, **options)
    assert longer.domains == of_voices.domains and longer.config.training.steps == 3
    learned_from = json.loads((run / "corpus.json").read_text())
    assert [report["folder"] for report in learned_from] == [str(voices["low"]), str(voices["middle"]), str(moved)]
    (run / "corpus.json").unlink()
    with pytest.raises(mv.MelganVcError, match="received: no low, no high; .*corpus.json does not tell the folders"):
        mv.train(run=run, domains={"middle": voices["middle"]}, steps=5, resume=True, **options)


@pytest.mark.parametrize(
    "method, given, received",
    [
        (
            "travelgan",
            (),
            "Expected --source and --target, two folders of audio, for travelgan, received: no source, no t",
        ),
        ("cyclegan", ("source",), "for cyclegan, received: no target"),
        ("cyclegan", ("domains",), "for cyclegan, received: domains"),
        ("travelgan", ("source", "target", "domains"), "received: source and target and domains"),
        ("stargan", (), "Expected --domain NAME=DIR for each of 2 to 100 domains, for stargan, received: none"),
        ("stargan", ("source", "target"), "for stargan, received: source and target"),
        ("stargan", ("source", "domains"), "for stargan, received: source and domains"),
        ("autoencoder", (), "each of 1 to 100 voices, or --target, for autoencoder, received: none"),
        ("autoencoder", ("source",), "for autoencoder, received: source"),
        ("autoencoder", ("source", "domains"), "expected sources only with content=student"),
    ],
)
def test_folders_are_those_that_the_method_takes(folders, voices, options, tmp_path, method, given, received):
    every = {"source": folders[0], "target": folders[1], "domains": voices}
    with pytest.raises(mv.MelganVcError, match=received):
        mv.train(run=tmp_path / "run", method=method, **{name: every[name] for name in given}, **options)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "change, message",
    [
        ({"low": None}, "for stargan, received: no low"),
        ({"low": "nowhere"}, "received: nowhere .it does not exist"),
        ({"a/b": "."}, "without slashes and without a leading '-' in domains, received: 'a/b'"),
        ({3: "."}, "in domains, received: 3"),
    ],
)
def test_domains_that_cannot_be(voices, options, tmp_path, change, message):
    with pytest.raises(mv.MelganVcError, match=message):
        mv.train(run=tmp_path / "run", domains=voices | change, method="stargan", **options)
    assert not (tmp_path / "run" / "config.json").exists()


def test_one_domain_is_too_few(voices, options, tmp_path):
    with pytest.raises(mv.MelganVcError, match="2 to 100 domains"):
        mv.train(run=tmp_path / "run", domains={"low": voices["low"]}, method="stargan", **options)
