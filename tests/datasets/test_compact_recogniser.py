"""The recipe of the recogniser that ships takes the published weights and nothing else."""

import hashlib

import compact_recogniser
import numpy as np
import pytest
from framework import MelganVcError

PARTS = compact_recogniser._PARTS


@pytest.fixture
def fetched(tmp_path, monkeypatch, write_weights):
    """A small file of weights in two packages, taken for the published one, and its folder."""
    data = write_weights({"encoder/a": np.ones((2, 2), np.float16), "decoder/b": np.zeros(3, np.float16)})
    for part, half in zip(PARTS, (data[:40], data[40:]), strict=True):
        (tmp_path / part).parent.mkdir(parents=True)
        (tmp_path / part).write_bytes(half)
    monkeypatch.setattr(compact_recogniser, "use_private_packages", lambda requirements, cache: tmp_path)
    monkeypatch.setattr(compact_recogniser, "PUBLISHED", hashlib.sha256(data).hexdigest())
    return tmp_path


def test_the_two_packages_make_one_file_of_which_the_encoder_is_taken(fetched):
    found = compact_recogniser.published_weights(fetched)
    assert list(found) == ["encoder/a"] and np.array_equal(found["encoder/a"], np.ones((2, 2)))


def test_another_file_is_refused(fetched):
    (fetched / PARTS[1]).write_bytes(b"half of a download")
    with pytest.raises(MelganVcError, match=r"SHA-256 .*: damaged, or another version. Delete that folder and run"):
        compact_recogniser.published_weights(fetched)
