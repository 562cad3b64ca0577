"""What a training leaves behind."""

import csv
import io
import json
import shutil

import numpy as np
import pytest
import soundfile

from melgan_vc.config.run import load_config
from melgan_vc.methods.loading import load_network
from melgan_vc.methods.presets import preset
from melgan_vc.runs.checkpoint_files import read_state
from melgan_vc.runs.run_folder import RunFolder

SHARED = ["adversarial", "copy", "critic_loss", "fake_score", "generator_loss", "identity", "real_score"]
LOSSES = {
    "travelgan": sorted([*SHARED, "margin", "self_regularization", "travel"]),
    "cyclegan": sorted([*SHARED, "cycle", "second_adversarial"]),
    "stargan": sorted(
        [
            *(*SHARED, "classification", "classifier_loss", "cycle", "norm_consistency", "self_regularization"),
            *("source_classification", "source_classifier_loss", "style_reconstruction"),
        ]
    ),
    "vocoder": sorted(
        ["adversarial", "critic_loss", "fake_score", "feature_matching", "generator_loss", "mel_distance"]
        + ["real_score", "spectral"]
    ),
    "autoencoder": sorted(
        ["adversarial", "critic_loss", "decoder_loss", "fake_score", "feature_matching", "real_score"]
        + ["reconstruction"]
    ),
}
CLIPS = {"vocoder": ("recorded", "made")}
"""What is written of each clip; of the others, what was converted and what it became."""


@pytest.fixture(scope="module")
def clips_of(method) -> tuple[str, str]:
    return CLIPS.get(method, ("source", "converted"))


@pytest.fixture(scope="module")
def board(straight_run):
    """The TensorBoard log as TensorBoard itself reads it."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    return EventAccumulator(str(straight_run / "logs"), size_guidance={"images": 0, "audio": 0}).Reload()


def test_what_is_in_it(straight_run, method):
    assert {path.name for path in straight_run.iterdir()} == {
        *("README.md", "checkpoints", "config.json", "corpus.json", "logs", "metrics.csv", "samples"),
        "weights.weights.h5",
    }
    assert load_config(straight_run / "config.json") == preset("debug", method)


def test_metrics(straight_run, method):
    with open(straight_run / "metrics.csv", newline="") as file:
        table = list(csv.DictReader(file))
    assert list(table[0]) == ["step", "steps_per_second", *LOSSES[method]]
    assert [row["step"] for row in table] == ["5", "10", "15", "20"]
    assert all(np.isfinite(float(value)) for row in table for value in row.values())
    assert all(float(row["steps_per_second"]) > 0 for row in table)
    assert len({row["critic_loss"] for row in table}) == 4, "means since the last row, not since the beginning"


def test_curves_in_tensorboard(straight_run, board, method):
    tags = board.Tags()["scalars"]
    assert sorted(tags) == sorted([*(f"losses/{name}" for name in LOSSES[method]), "speed/steps_per_second"])
    with open(straight_run / "metrics.csv", newline="") as file:
        expected = [(int(row["step"]), float(row["adversarial"])) for row in csv.DictReader(file)]
    points = [(point.step, point.value) for point in board.Scalars("losses/adversarial")]
    assert points == [(step, pytest.approx(value, rel=1e-6)) for step, value in expected]


def test_pictures_and_audio_of_the_same_clips_in_tensorboard(straight_run, board, clips_of, method):
    reports = json.loads((straight_run / "corpus.json").read_text())
    held_out = [file["path"] for file in reports[0]["files"] if file["held_out"]]
    clips = [f"clips/{name.removesuffix('.wav')}" for name in held_out]
    assert len(clips) == 1 and board.Tags()["images"] == clips
    assert sorted(board.Tags()["audio"]) == sorted(f"{clip}-{which}" for clip in clips for which in clips_of)
    # Networks that edit what they are given begin as the identity; what a decoder makes is anything at first.
    loudest = dict.fromkeys(clips_of, 0.5) | ({"converted": 1.0} if method == "autoencoder" else {})
    (picture,) = board.Images(clips[0])
    assert picture.step == 20 and picture.encoded_image_string.startswith(b"\x89PNG")
    assert picture.width > 300 and picture.height > 300
    for which in clips_of:
        (sound,) = board.Audio(f"{clips[0]}-{which}")
        wave, rate = soundfile.read(io.BytesIO(sound.encoded_audio_string))
        assert sound.step == 20 and rate == 8000
        assert 1.0 < len(wave) / rate < 1.6 and 0.01 < np.sqrt(np.mean(wave**2)) < loudest[which]


def test_samples_to_listen_to(straight_run, clips_of):
    files = sorted(path.relative_to(straight_run / "samples") for path in straight_run.glob("samples/*/*"))
    assert {path.parent.name for path in files} == {"step-00000020"}
    kinds = sorted(path.name.split("-")[-1] if path.suffix == ".flac" else path.suffix for path in files)
    assert kinds == sorted([".png", *(f"{which}.flac" for which in clips_of)])


def test_the_model_card(straight_run, method):
    card = (straight_run / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\nlibrary_name: melgan_vc\n")
    how = "--model MODEL --vocoder straight" if method == "vocoder" else "--model straight"
    assert f"python convert_cli.py input.wav {how}" in card
    assert ("--model straight --to source" in card) == (method in ("cyclegan", "stargan"))
    assert ("--model straight --like REFERENCE" in card) == (method == "stargan")
    settings = preset("debug", method).method
    assert f"Trained for 20 steps of 4 windows of {settings.width} frames, seed" in card
    for name in ("source", "target"):
        assert (f"| {name} | 5 |" in card) == (name in settings.domain_names)


def test_the_weights_are_the_averaged_ones(straight_run):
    # What conversion loads is the moving average, which after 20 steps is not the network of the last step.
    loaded = load_network(RunFolder(straight_run))[1].get_weights()
    state = read_state(straight_run / "checkpoints" / "step-00000020")
    last_step = list(state.values())[: len(loaded)]
    assert [array.shape for array in last_step] == [array.shape for array in loaded]
    differences = [np.abs(a - b).max() for a, b in zip(last_step, loaded, strict=True)]
    assert 1e-5 < max(differences) < 0.01


def test_a_copied_folder_converts(straight_run, tmp_path, method):
    from melgan_vc.methods.loading import load_conversion
    from melgan_vc.pretrained.vocoders import load_vocoder

    runs = straight_run, shutil.copytree(straight_run, tmp_path / "elsewhere" / "a copy")
    if method == "vocoder":
        loaded, columns = [load_vocoder(run).invert for run in runs], 32
    else:
        loaded = [load_conversion(run) for run in runs]
        columns = loaded[0].columns
    frames = np.random.default_rng(0).uniform(-1, 1, (1, 64, columns)).astype(np.float32)
    made = [convert(frames[0] if method == "vocoder" else frames) for convert in loaded]
    np.testing.assert_array_equal(*made)
