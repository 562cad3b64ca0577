"""PatchNCE is the cross-entropy of finding each place among the others: cases with a known answer."""

import numpy as np
import pytest
import tensorflow as tf

from melgan_vc.losses.patch_nce import patch_nce

PLACES = np.eye(5, dtype=np.float32)[None]  # five places that have nothing in common


def cost(queries, keys, **options):
    return float(patch_nce(queries, keys, **options))


def test_places_that_are_told_apart_cost_almost_nothing():
    assert cost(PLACES, PLACES) == pytest.approx(4 * np.exp(-1 / 0.07), abs=1e-6)


def test_every_place_taken_for_another_costs_one_over_the_temperature():
    assert cost(PLACES, np.roll(PLACES, 1, axis=1)) == pytest.approx(1 / 0.07, rel=1e-5)
    assert cost(PLACES, np.roll(PLACES, 1, axis=1), temperature=0.5) == pytest.approx(
        np.log(np.exp(2.0) + 4.0), rel=1e-5
    )


def test_places_that_are_all_alike_cost_a_guess(draw):
    alike = np.repeat(draw.normal(size=(3, 1, 4)).astype(np.float32), 7, axis=1)
    assert cost(alike, draw.normal(size=(3, 7, 4)).astype(np.float32)) > 0.0
    assert cost(alike, alike) == pytest.approx(np.log(7), rel=1e-5)


def test_other_windows_are_no_negatives(draw):
    windows = draw.normal(size=(3, 6, 4)).astype(np.float32)
    queries = windows + 0.1 * draw.normal(size=windows.shape).astype(np.float32)
    alone = [cost(query[None], key[None]) for query, key in zip(queries, windows, strict=True)]
    assert cost(queries, windows) == pytest.approx(np.mean(alone), rel=1e-5)


def test_what_is_near_is_no_negative_where_negatives_are_to_be_further_away():
    """A note that lasts for two places costs nothing, unless they are to be told from each other."""
    note = np.repeat(PLACES, 2, axis=1)
    assert cost(note, note, apart=2) == pytest.approx(8 * np.exp(-1 / 0.07), abs=1e-6)
    assert cost(note, note) == pytest.approx(np.log(2), rel=1e-4)
    assert cost(note, np.roll(note, 4, axis=1), apart=2) == pytest.approx(1 / 0.07 + np.log(2), rel=1e-2)


def test_length_of_a_feature_does_not_count(draw):
    queries, keys = draw.normal(size=(2, 2, 6, 4)).astype(np.float32)
    assert cost(100 * queries, 0.01 * keys) == pytest.approx(cost(queries, keys), rel=1e-4)


def test_gradient_pulls_a_place_to_its_own_key_and_is_finite_at_nothing(draw):
    keys = draw.normal(size=(1, 4, 3)).astype(np.float32)
    queries = tf.Variable(np.roll(keys, 1, axis=1))
    for _ in range(200):
        with tf.GradientTape() as tape:
            loss = patch_nce(queries, keys)
        queries.assign_sub(0.05 * tape.gradient(loss, queries))
    found = np.argmax(queries.numpy()[0] @ (keys[0] / np.linalg.norm(keys[0], axis=1, keepdims=True)).T, axis=1)
    np.testing.assert_array_equal(found, np.arange(4))
    nothing = tf.zeros((1, 4, 3))
    with tf.GradientTape() as tape:
        tape.watch(nothing)
        loss = patch_nce(nothing, nothing)
    assert float(loss) == pytest.approx(np.log(4), rel=1e-5)
    assert np.all(np.isfinite(tape.gradient(loss, nothing)))
