"""Distances between Gaussians that are known, and between the demo's styles."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("musicnn")
pytest.importorskip("librosa")

from melgan_vc.audio.files import read
from melgan_vc.evaluate.metrics.frechet import FrechetDistance, fit_gaussian, frechet_distance, principal_components
from melgan_vc.evaluate.metrics.metric import Clip

DEMO = Path(__file__).parents[3] / "datasets" / "demo"


def test_distance_of_known_gaussians():
    spreads_1, spreads_2 = np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 0.5])
    shift = np.array([1.0, -2.0, 0.0])
    expected = 5.0 + np.sum((spreads_1 - spreads_2) ** 2)
    turn, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))

    first = (np.zeros(3), turn @ np.diag(spreads_1**2) @ turn.T)
    second = (turn @ shift, turn @ np.diag(spreads_2**2) @ turn.T)

    assert frechet_distance(first, second) == pytest.approx(expected)
    assert frechet_distance(second, first) == pytest.approx(expected)
    assert frechet_distance(first, first) == pytest.approx(0.0, abs=1e-9)


def test_distance_of_covariances_that_do_not_commute():
    # Of rank one each, (C1 C2)^(1/2) has the trace |u . v|: here 1 + 4 - 2 * 2 cos 60°.
    u, v = np.array([1.0, 0.0]), 2.0 * np.array([0.5, np.sqrt(0.75)])

    found = frechet_distance((np.zeros(2), np.outer(u, u)), (np.zeros(2), np.outer(v, v)))

    assert found == pytest.approx(3.0)


def test_distance_of_samples_is_near_that_of_what_they_were_drawn_from(draw):
    """Sixty points in 32 dimensions, as few as there are in practice: 36 apart, and each of variance 1."""
    first = fit_gaussian(draw.standard_normal((60, 32)))
    second = fit_gaussian(draw.standard_normal((60, 32)) + 6.0 * np.eye(32)[0])
    same = fit_gaussian(draw.standard_normal((60, 32)))

    assert frechet_distance(first, second) == pytest.approx(36.0, rel=0.15)
    assert frechet_distance(first, same) < 2.0  # sample covariances would give 10


def test_principal_components_span_where_the_points_are(draw):
    directions = np.linalg.qr(draw.standard_normal((20, 3)))[0]
    points = 5.0 + draw.standard_normal((50, 3)) @ directions.T

    basis = principal_components(points, 3)

    np.testing.assert_allclose(basis.T @ basis, np.eye(3), atol=1e-9)
    np.testing.assert_allclose(basis @ basis.T, directions @ directions.T, atol=1e-9)


@pytest.mark.skipif(not DEMO.exists(), reason="the demo corpus is not part of an installed package")
def test_strings_are_nearer_to_strings_and_jazz_to_jazz():
    def pieces(folder: str) -> list[np.ndarray]:
        return [read(path, mono=True)[0] for path in sorted((DEMO / folder).glob("*.ogg"))[:1]]

    jazz, strings = pieces("jazz"), pieces("classical")
    held_out = {style: pieces(f"held_out/{style}") for style in ("jazz", "classical")}
    metric = FrechetDistance()
    metric.prepare(jazz, strings, 22050)

    def distances(waves: list[np.ndarray]) -> dict[str, float]:
        return dict(metric.summarise([Clip(str(i), wave, wave, 22050) for i, wave in enumerate(waves)]))

    like_target, like_source = distances(held_out["classical"]), distances(held_out["jazz"])

    assert 2.0 * like_target["fad_musicnn_to_target"] < like_target["fad_musicnn_to_source"]
    assert 2.0 * like_source["fad_musicnn_to_source"] < like_source["fad_musicnn_to_target"]
    # Ten seconds are three patches, too few for a distance.
    assert all(np.isnan(value) for value in distances([strings[0][: 22050 * 10]]).values())
