"""The siamese network's space, laid out flat."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from melgan_vc.plot.legends import show_as_it_is
from melgan_vc.terminal.printable import printable

_MOST_NUMBERED = 40


def embedding(vectors: Mapping[str, np.ndarray], *, title: str | None = None) -> Figure:
    """Draw embedded chunks on the plane along which they differ most.

    Each chunk is a dot, and an arrow leads to the next one: it is the transformation vector between the two. The
    TraVeL loss asks that the arrows of converted chunks are those of the source, wherever they start.

    Parameters
    ----------
    vectors : dict of str to np.ndarray
        Embeddings ``(chunks, D)`` in order of time, by name; `Model.embed` gives them. One plane is found for all.
    title : str, optional
        Above the picture.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there are fewer than two vectors in all, or their dimensions differ.

    Examples
    --------
    >>> steps = np.random.default_rng(0).standard_normal((5, 16)).cumsum(axis=0)
    >>> figure = embedding({"source": steps, "converted": steps + 1.0})
    >>> len(figure.axes[0].collections)
    2
    """
    groups = {name: np.asarray(group, np.float64) for name, group in vectors.items()}
    shapes = {name: group.shape for name, group in groups.items()}
    if any(len(shape) != 2 for shape in shapes.values()) or len({shape[-1] for shape in shapes.values()}) != 1:
        raise ValueError(f"Expected embeddings (chunks, D) with the same D for all, received: {shapes}")
    if sum(map(len, groups.values())) < 2:
        raise ValueError(f"Expected at least two chunks, received: {shapes}; embed a longer piece of sound")
    mean, plane, shares = _principal_plane(np.concatenate(list(groups.values())))
    figure = Figure(figsize=(6.5, 5.5), dpi=100, layout="constrained")
    axis = figure.add_subplot()
    for number, (name, group) in enumerate(groups.items()):
        flat = (group - mean) @ plane
        axis.scatter(*flat.T, s=25, color=f"C{number}", label=printable(name), zorder=3)
        for start, end in zip(flat[:-1], flat[1:], strict=True):
            arrow = {"arrowstyle": "->", "color": f"C{number}", "alpha": 0.5}
            axis.annotate("", xy=end, xytext=start, arrowprops=arrow)
        for index, point in enumerate(flat[:_MOST_NUMBERED]):
            axis.annotate(str(index), point, xytext=(4, 4), textcoords="offset points", fontsize=7)
    axis.set_xlabel(f"first component, {shares[0]:.0%} of the variance")
    axis.set_ylabel(f"second component, {shares[1]:.0%}")
    axis.set_aspect("equal", adjustable="datalim")  # arrows of one length must look it
    axis.grid(alpha=0.3)
    show_as_it_is(axis.legend())
    if title:
        axis.set_title(title)
    return figure


def _principal_plane(points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean ``(D,)``, the two directions ``(D, 2)`` of largest variance, and their shares of it."""
    mean = points.mean(axis=0)
    _, singular, directions = np.linalg.svd(points - mean, full_matrices=False)
    # Two points, or one dimension, span a line; the second direction is then nothing.
    plane, variance = np.zeros((points.shape[1], 2)), np.zeros(2)
    found = min(2, len(singular))
    plane[:, :found] = directions[:found].T
    variance[:found] = singular[:found] ** 2
    plane *= np.where(plane[np.abs(plane).argmax(axis=0), range(2)] < 0, -1.0, 1.0)  # a picture that does not flip
    total = float(np.sum(singular**2))
    return mean, plane, variance / total if total else variance
