"""Without the weights of the recogniser: one sentence that says what to do, and nothing half-made."""

import pytest

from melgan_vc.features import content
from melgan_vc.features.whisper import encoder, weights
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_network
from melgan_vc.runs.run_folder import RunFolder


@pytest.fixture(params=["missing", "damaged"])
def sentence(request, tmp_path, monkeypatch) -> str:
    """A part of what is to be read where the file that ships is missing, or has other bytes than it should."""
    folder = tmp_path / "weights"
    folder.mkdir()
    monkeypatch.setattr(weights, "_FILE", str(folder / "encoder.npz"))
    monkeypatch.setattr(content, "_encoder", content._encoder.__wrapped__)  # other tests may have loaded it
    monkeypatch.setattr(encoder, "whisper_encoder", encoder.whisper_encoder.__wrapped__)
    if request.param == "missing":
        return "encoder.npz'. Install melgan_vc again."
    (folder / "encoder.npz").write_bytes(b"half of a download")
    return "damaged, or another version. Install melgan_vc again."


@pytest.fixture(scope="module")
def run_that_recognises(tmp_path_factory):
    """Untrained networks of one voice that need a recogniser's content."""
    folder = RunFolder(tmp_path_factory.mktemp("runs") / "anna")
    config = preset("debug", "autoencoder").with_overrides(["method.content=recognizer"])
    folder.save_config(config)
    build_network(config).save_weights(folder.weights_file)
    return folder.path


def test_conversion_of_any_number_of_files(refused, record, run_that_recognises, tmp_path, sentence):
    """One sentence for all of them, and not one for each."""
    files = [record(f"{number}.wav") for number in range(2)]
    told = refused("convert", *files, "--model", run_that_recognises, "-o", tmp_path / "out")
    assert sentence in told and not (tmp_path / "out").exists()


def test_evaluation(refused, record, run_that_recognises, tmp_path, sentence):
    record("a/1.wav", seconds=3.0)
    folders = ["--source", tmp_path / "a", "--target", tmp_path / "a"]
    told = refused("melgan-vc", "evaluate", "--model", run_that_recognises, *folders, "-o", tmp_path / "report")
    assert sentence in told and not (tmp_path / "report").exists()
    assert not (run_that_recognises / "evaluation").exists()


def test_training(command, record, tmp_path, sentence):
    record("anna/1.wav", seconds=0.6)
    options = ["--preset", "debug", "--set", "method.content=student", "--target", tmp_path / "anna"]
    result = command("train", "autoencoder", *options, "--run", tmp_path / "run", "--cache", tmp_path / "cache")
    told = result.stderr.strip().splitlines()[-1]  # after a bar of what was prepared so far
    assert result.exit_code == 2 and told.startswith("Error: ") and sentence in told
    assert result.stderr.count("Error") == 1 and not (tmp_path / "run").exists()
