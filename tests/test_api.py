"""``import melgan_vc as mv``: what a program or a notebook can ask of the package."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

import melgan_vc as mv
from melgan_vc.convert.stream import convert_file
from melgan_vc.pretrained import catalogue
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
    run = mv.load_model(model.run)
    convert_file(tmp_path / "in.wav", tmp_path / "out.wav", model=run._model, vocoder=GriffinLim(run.config.mel))
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
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_waveform_gets_a_sentence(model, what):
    wave, rate, message = WRONG[what]
    with pytest.raises(mv.MelganVcError, match=message):
        model.convert(wave, rate)


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
    with pytest.raises(mv.MelganVcError, match="overrides={'method.margin': 1}"):
        mv.train(*folders, run, resume=True, overrides={"method.margin": 1}, **options)
    longer = mv.train(*folders, run, steps=10, resume=True, **options)
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
    assert not (tmp_path / "run" / "config.json").exists()
