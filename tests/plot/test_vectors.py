"""The embedding laid flat."""

import numpy as np
import pytest

import melgan_vc as mv


def points(figure):
    return [np.asarray(dots.get_offsets()) for dots in figure.axes[0].collections]


def distances(flat):
    return np.linalg.norm(flat[:, None] - flat[None, :], axis=-1)


def test_what_lies_in_a_plane_keeps_its_distances(draw):
    plane, _ = np.linalg.qr(draw.standard_normal((16, 2)))
    flat = draw.standard_normal((9, 2))
    (drawn,) = points(mv.plot.embedding({"source": flat @ plane.T + 5.0}))
    np.testing.assert_allclose(distances(drawn), distances(flat), atol=1e-6)


def test_moved_chunks_have_the_same_arrows(draw):
    source = draw.standard_normal((6, 16)).cumsum(axis=0)
    figure = mv.plot.embedding({"source": source, "converted": source + 3.0}, title="moved")
    before, after = points(figure)
    np.testing.assert_allclose(np.diff(before, axis=0), np.diff(after, axis=0), atol=1e-6)
    assert np.linalg.norm(after[0] - before[0]) > 1, "one plane for both: they do not fall on each other"
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["source", "converted"]


def test_the_axes_say_how_much_of_the_variance_they_show():
    vectors = np.zeros((4, 8))
    vectors[:, 2], vectors[:, 5] = [-3, -3, 3, 3], [-1, 1, -1, 1]
    axis = mv.plot.embedding({"source": vectors}).axes[0]
    assert axis.get_xlabel() == "first component, 90% of the variance"
    assert axis.get_ylabel() == "second component, 10%"


@pytest.mark.parametrize("vectors", [np.ones((5, 8)), np.arange(8.0)[None].repeat(2, 0), np.eye(2)])
def test_points_that_span_less_than_a_plane(vectors):
    (drawn,) = points(mv.plot.embedding({"source": vectors}))
    assert drawn.shape == (len(vectors), 2) and np.isfinite(drawn).all()


def test_mistakes_get_a_sentence():
    with pytest.raises(ValueError, match="at least two chunks"):
        mv.plot.embedding({"source": np.zeros((1, 16))})
    with pytest.raises(ValueError, match="the same D for all"):
        mv.plot.embedding({"source": np.zeros((3, 16)), "converted": np.zeros((3, 8))})
    with pytest.raises(ValueError, match="embeddings .chunks, D."):
        mv.plot.embedding({"source": np.zeros(16)})
