"""The reader of CTranslate2's file of weights: what is written is read, and nothing else is."""

import struct

import numpy as np
import pytest
from ctranslate2_file import read_variables

WRITTEN = {
    "encoder/a/weight": np.arange(6, dtype=np.float16).reshape(2, 3),
    "encoder/ä/scale": np.float32(0.5),
    "decoder/b": np.array([-1, 127], np.int8),
}


def test_what_is_written_is_read(write_weights):
    read = dict(read_variables(write_weights(WRITTEN)))
    assert list(read) == list(WRITTEN)
    for name, array in WRITTEN.items():
        assert read[name].dtype == array.dtype
        np.testing.assert_array_equal(read[name], array)


def test_a_file_that_ends_too_early_is_refused_wherever_it_ends(write_weights):
    data = write_weights(WRITTEN)
    for length in range(len(data)):
        with pytest.raises(ValueError, match=r"Expected \d+ bytes at byte \d+, received: \d+, then the end"):
            dict(read_variables(data[:length]))


def test_damage_is_refused_or_read_as_other_numbers_but_crashes_nothing(write_weights, draw):
    data, refused = write_weights(WRITTEN), 0
    for _ in range(2000):
        damaged = np.frombuffer(data, np.uint8).copy()
        damaged[draw.integers(len(data), size=3)] = draw.integers(256, size=3)
        try:
            dict(read_variables(damaged.tobytes()))
        except ValueError:
            refused += 1
    assert refused > 1000, "most of the file is names and sizes"


@pytest.mark.parametrize(
    ("rank", "shape", "kind", "size"),
    [(2, [2**32 - 1, 2**32 - 1], 0, 8), (1, [1], 9, 1), (1, [4], 4, 9)],
    ids=["huge", "unknown type", "odd size"],
)
def test_a_size_or_a_type_that_cannot_be_is_refused(write_weights, rank, shape, kind, size):
    data = write_weights({})[:-4] + struct.pack("<IH", 1, 2) + b"a\0"  # one variable, called a
    data += struct.pack(f"<B{rank}IBI", rank, *shape, kind, size) + b"1234567890"
    with pytest.raises(ValueError, match="Expected 'a' to have numbers of a known type, as many as its shape"):
        dict(read_variables(data))


def test_another_version_is_named():
    with pytest.raises(ValueError, match="of version 6, received: version 7"):
        dict(read_variables(struct.pack("<I", 7)))
