"""TraVeL, its pairs and its margin, against values worked out by hand or in plain NumPy."""

import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from melgan_vc.losses.travel import all_pairs, margin, single_pair, travel

EQUAL = np.array([0.5, 0.5], np.float32)


def vectors(*rows):
    return tf.constant(rows, tf.float32)


def test_kept_vectors_cost_minus_one():
    """The cosine is subtracted: alignment is the reward, and -1 is the least there is."""
    t = vectors([3.0, 4.0], [-1.0, 2.0])
    assert float(travel(t, t, EQUAL)) == pytest.approx(-1.0, abs=1e-6)


def test_reversed_vectors_cost_one_and_their_distance():
    t = vectors([3.0, 4.0], [0.0, 1.0])
    # squared distances 4 * 25 and 4 * 1, each a mean over 2 dimensions; both cosines are -1
    assert float(travel(t, -t, EQUAL)) == pytest.approx(1.0 + 0.5 * (100.0 / 2 + 4.0 / 2), rel=1e-6)


def test_orthogonal_vectors_cost_their_distance_alone():
    assert float(travel(vectors([1.0, 0.0]), vectors([0.0, 2.0]), np.ones(1, np.float32))) == pytest.approx(2.5)


def test_direction_counts_apart_from_length():
    one = np.ones(1, np.float32)
    aligned = float(travel(vectors([1.0, 0.0]), vectors([2.0, 0.0]), one))
    opposed = float(travel(vectors([1.0, 0.0]), vectors([0.0, 0.0]), one))
    assert aligned == pytest.approx(0.5 - 1.0)  # same distance from the source, but it keeps its direction
    assert opposed == pytest.approx(0.5)


def test_gradient_step_brings_translated_vectors_closer_and_into_line(draw):
    source = vectors(*draw.normal(size=(6, 4)))
    translated = vectors(*draw.normal(size=(6, 4)))
    weights = np.full(6, 1 / 6, np.float32)
    with tf.GradientTape() as tape:
        tape.watch(translated)
        loss = travel(source, translated, weights)
    moved = translated - 0.5 * tape.gradient(loss, translated)

    def cosine(a, b):
        return float(tf.reduce_mean(tf.reduce_sum(a * b, -1) / (tf.norm(a, axis=-1) * tf.norm(b, axis=-1))))

    assert cosine(source, moved) > cosine(source, translated)
    assert float(tf.norm(source - moved)) < float(tf.norm(source - translated))


def test_margin_against_hand_computed_values():
    t = vectors([0.6, 0.8], [3.0, 4.0])  # norms 1 and 5
    assert float(margin(t, EQUAL, delta=2.0)) == pytest.approx(0.5 * (2.0 - 1.0) ** 2, rel=1e-6)
    assert float(margin(t, EQUAL, delta=6.0)) == pytest.approx(0.5 * (25.0 + 1.0), rel=1e-6)


def test_margin_pushes_close_chunks_apart_and_leaves_distant_ones():
    t = vectors([0.6, 0.8], [3.0, 4.0])
    with tf.GradientTape() as tape:
        tape.watch(t)
        loss = margin(t, EQUAL, delta=2.0)
    # d/dt 0.5 (2 - |t|)^2 = -(2 - |t|) t / |t|
    np.testing.assert_allclose(tape.gradient(loss, t), [[-0.6, -0.8], [0.0, 0.0]], atol=1e-6)


def test_equal_chunks_give_finite_values_and_gradients():
    """Two chunks of digital silence embed as one point, where the published margin's gradient is NaN."""
    zero, other = tf.zeros((2, 3)), tf.zeros((2, 3))
    with tf.GradientTape() as tape:
        tape.watch([zero, other])
        loss = margin(zero, EQUAL, delta=2.0) + travel(zero, other, EQUAL)
    assert float(loss) == pytest.approx(4.0, abs=1e-4)
    for gradient in tape.gradient(loss, [zero, other]):
        assert np.all(np.isfinite(gradient))


def test_all_pairs_are_all_differences_and_no_chunk_meets_itself(draw):
    embeddings = draw.normal(size=(4, 3)).astype(np.float32)
    t, weights = map(ops.convert_to_numpy, all_pairs(embeddings))
    assert t.shape == (16, 3) and weights.shape == (16,)
    for i in range(4):
        for j in range(4):
            np.testing.assert_allclose(t[4 * i + j], embeddings[i] - embeddings[j])
            assert weights[4 * i + j] == pytest.approx(0.0 if i == j else 1 / 12)


def test_loss_over_all_pairs_equals_a_loop_over_pairs(draw):
    a, b = draw.normal(size=(2, 5, 7)).astype(np.float32)
    costs, margins = [], []
    for i in range(5):
        for j in range(5):
            if i != j:
                t, u = a[i] - a[j], b[i] - b[j]
                costs.append(np.mean((t - u) ** 2) - t @ u / np.linalg.norm(t) / np.linalg.norm(u))
                margins.append(max(0.0, 4.0 - np.linalg.norm(t)) ** 2)
    t, weights = all_pairs(a)
    assert float(travel(t, all_pairs(b)[0], weights)) == pytest.approx(np.mean(costs), rel=1e-5)
    assert float(margin(t, weights, delta=4.0)) == pytest.approx(np.mean(margins), rel=1e-5)


def test_collapsed_siamese_pays_the_whole_margin_over_all_pairs():
    t, weights = all_pairs(np.ones((3, 2), np.float32))
    assert float(margin(t, weights, delta=2.0)) == pytest.approx(4.0, abs=1e-4)


def test_single_pair_is_one_vector_a_window():
    first, last = vectors([1.0, 2.0], [0.0, 0.0], [5.0, 5.0]), vectors([0.0, 2.0], [1.0, 1.0], [5.0, 4.0])
    t, weights = single_pair(first, last)
    np.testing.assert_allclose(t, [[1.0, 0.0], [-1.0, -1.0], [0.0, 1.0]])
    np.testing.assert_allclose(weights, [1 / 3] * 3, rtol=1e-6)
