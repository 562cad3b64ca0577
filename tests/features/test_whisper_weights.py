"""The recogniser's weights that ship, and what a user reads where they are not what they should be."""

import hashlib
from importlib import resources

import numpy as np
import pytest

from melgan_vc.config.mel import MelConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.features import content
from melgan_vc.features.registry import features_of
from melgan_vc.features.whisper import encoder, weights
from melgan_vc.features.whisper.weights import encoder_weights, packed


@pytest.fixture
def file(tmp_path, monkeypatch):
    """``file(data)``: what is found in the place of the weights."""

    def make(data: bytes) -> None:
        (tmp_path / "encoder.npz").write_bytes(data)

    monkeypatch.setattr(weights, "_FILE", str(tmp_path / "encoder.npz"))
    return make


def test_the_file_that_ships_has_four_layers_of_the_encoder():
    found = encoder_weights()
    assert len(found) == 52 and len([name for name in found if name.startswith("encoder/layer_3/")]) == 12
    assert found["encoder/conv1/weight"].shape == (512, 80, 3)
    assert found["encoder/layer_0/ffn/linear_1/weight"].shape == (512, 2048)
    assert {array.dtype for array in found.values()} == {np.dtype(np.float32)}
    assert (resources.files("melgan_vc.features.whisper") / "encoder.npz").stat().st_size < 9e6


@pytest.mark.parametrize("length", [0, 50, -1])
def test_a_damaged_file_is_not_even_read(file, monkeypatch, length):
    data = packed({"encoder/a": np.ones(3)}, {})
    monkeypatch.setattr(weights, "SHA256", hashlib.sha256(data).hexdigest())
    monkeypatch.setattr(np, "load", lambda *args, **options: pytest.fail("what is not the file must not be read"))
    file(data[:length])
    message = f"encoder.npz with the SHA-256 {weights.SHA256[:12]}.*: damaged, or another version. Install melgan_vc"
    with pytest.raises(MelganVcError, match=message):
        encoder_weights()


def test_whoever_asks_for_content_without_it_reads_where_it_should_be(file, monkeypatch):
    monkeypatch.setattr(content, "_encoder", content._encoder.__wrapped__)
    monkeypatch.setattr(encoder, "whisper_encoder", encoder.whisper_encoder.__wrapped__)
    (feature,) = features_of(["content"], MelConfig())
    with pytest.raises(MelganVcError, match=r"Expected to read .*encoder.npz, received: .*Install melgan_vc again"):
        feature.of(np.zeros(1000, np.float32))
