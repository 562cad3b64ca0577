"""Weights in four bits: a quarter of the size, and nearly what they make of what they are given."""

import numpy as np
import pytest

from melgan_vc.features.whisper.four_bits import FourBits
from melgan_vc.features.whisper.weights import packed, unpacked


@pytest.fixture
def inputs(draw):
    """A thousand inputs of 64 numbers that vary together, as those of a trained network do."""
    return draw.standard_normal((1000, 8)) @ draw.standard_normal((8, 64)) + 0.1 * draw.standard_normal((1000, 64))


def moments_of(inputs):
    return inputs.T @ inputs / len(inputs)


def test_a_number_is_within_half_a_step_of_its_grid(draw):
    matrix = draw.uniform(-1, 1, (16, 64))
    found = FourBits.of(matrix, moments=np.eye(64), group=32).matrix()
    assert found.shape == (16, 64) and found.dtype == np.float32
    assert np.abs(found - matrix).max() < 2 / 15  # a step where inputs vary alone; half a step but for clipped ends


def test_errors_are_made_up_for_where_inputs_vary_together(draw, inputs):
    matrix = draw.standard_normal((32, 64))
    apart, together = (
        FourBits.of(matrix, moments=moments, group=32).matrix() for moments in (np.eye(64), moments_of(inputs))
    )
    wrong = [np.square(inputs @ (found - matrix).T).mean() for found in (apart, together)]
    assert wrong[1] < 0.5 * wrong[0]


def test_two_columns_share_a_byte(draw, inputs):
    found = FourBits.of(draw.standard_normal((32, 64)), moments=moments_of(inputs), group=16)
    assert found.codes.shape == (32, 32) and found.codes.dtype == np.uint8
    assert found.scale.shape == found.low.shape == (32, 4)


@pytest.mark.parametrize(("columns", "group"), [(64, 48), (33, 33)])
def test_columns_are_whole_groups(columns, group):
    with pytest.raises(ValueError, match=f"of whole groups, received: {columns} and {group}"):
        FourBits.of(np.ones((2, columns)), moments=np.eye(columns), group=group)


def test_a_file_gives_back_what_was_packed_each_in_its_shape(draw, inputs):
    matrix = FourBits.of(draw.standard_normal((32, 64)), moments=moments_of(inputs), group=32)
    bias = draw.standard_normal(32).astype(np.float16)
    data = packed({"a/weight": matrix, "a/bias": bias}, {"a/weight": (32, 16, 4)})
    found = unpacked(data)
    assert found.keys() == {"a/weight", "a/bias"}
    np.testing.assert_array_equal(found["a/weight"], matrix.matrix().reshape(32, 16, 4))
    np.testing.assert_array_equal(found["a/bias"], bias)
