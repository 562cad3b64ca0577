"""Average voices: mean and covariance of the bands, and what brings one to another."""

import numpy as np
import pytest

from melgan_vc.audio.bands import Bands, match_bands


def random_covariance(draw, size=6):
    root = draw.standard_normal((size, 2 * size))
    return 0.01 * root @ root.T / size


def test_pauses_do_not_count(speech_like):
    mel = speech_like()
    bands = Bands.of(mel)
    np.testing.assert_allclose(bands.mean, mel[100:].mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(bands.covariance, np.cov(mel[100:].T, bias=True), atol=1e-5)
    assert len(bands.heard) == 300
    assert Bands.of(np.full((20, 80), -1.0, np.float32)) is None


def test_of_much_sound_some_is_kept(draw):
    mel = draw.normal(0.0, 0.1, (30_000, 4)).astype(np.float32)
    bands = Bands.of(mel)
    assert 2000 < len(bands.heard) <= 4000
    np.testing.assert_allclose(bands.mean, mel.mean(axis=0), atol=1e-6)


def test_the_map_gives_a_voice_the_mean_and_the_covariance_of_another(draw):
    """And it is the optimal one: symmetric and positive, the gradient of something convex (Brenier)."""
    one, other = (Bands(draw.normal(size=6), random_covariance(draw)) for _ in range(2))
    matrix, offset = one.towards(other)
    np.testing.assert_allclose(one.mean @ matrix + offset, other.mean, atol=1e-5)
    np.testing.assert_allclose(matrix.T @ one.covariance @ matrix, other.covariance, atol=5e-4)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-6)
    assert np.linalg.eigvalsh(matrix).min() > 0.0


def test_bands_that_vary_apart_are_scaled(draw):
    """Without covariances between bands the map is the ratio of the deviations."""
    one, other = (
        Bands(np.zeros(3), np.diag(np.square(deviations))) for deviations in ([0.1, 0.2, 0.3], [0.3, 0.2, 0.1])
    )
    np.testing.assert_allclose(one.towards(other)[0], np.diag([3.0, 1.0, 1 / 3]), atol=0.02)


def test_a_voice_gets_the_bands_of_another_and_silence_stays(speech_like):
    own, wanted = speech_like(), Bands.of(speech_like(tilt=0.3))
    moved = match_bands(own, *Bands.of(own).towards(wanted))
    np.testing.assert_array_equal(moved[:100], -1.0)
    found = Bands.of(moved)
    np.testing.assert_allclose(found.mean, wanted.mean, atol=0.02)
    np.testing.assert_allclose(np.diag(found.covariance), np.diag(wanted.covariance), rtol=0.3)
    assert np.abs(Bands.of(own).mean - wanted.mean).max() > 0.2


def test_its_own_bands_change_nothing(speech_like):
    own = speech_like()
    np.testing.assert_allclose(match_bands(own, *Bands.of(own).towards(Bands.of(own))), own, atol=1e-5)


@pytest.mark.parametrize("heard, share", [(50, 0.25), (100, 0.5), (200, 1.0), (400, 1.0)])
def test_the_mean_of_a_short_clip_is_brought_part_of_the_way(draw, heard, share):
    own = Bands(np.full(6, -0.2), random_covariance(draw), np.zeros((heard, 6)))
    matrix, offset = own.towards(Bands(np.full(6, 0.3), random_covariance(draw)))
    np.testing.assert_allclose(own.mean @ matrix + offset - own.mean, 0.5 * share, atol=1e-5)


def test_a_short_clip_is_believed_to_vary_as_others_do(draw):
    """A few words vary little: taken at its word, the clip would be blown up."""
    typical, words = 0.04 * np.eye(6), 0.0001 * np.eye(6)
    wanted = Bands(np.zeros(6), typical)
    short, long = (Bands(np.zeros(6), words, np.zeros((frames, 6))) for frames in (10, 10_000))
    assert short.towards(wanted, typical)[0][0, 0] < 1.1
    assert short.towards(wanted)[0][0, 0] < 1.1
    assert long.towards(wanted, typical)[0][0, 0] > 5.0


def test_bands_follow_a_shift_of_what_was_heard_or_of_the_statistics(speech_like):
    mel = speech_like()
    matrix = np.eye(80, dtype=np.float32) * 0.9
    shifted = Bands.of((mel + 1.0) @ matrix - 1.0)
    heard = Bands.of(mel)
    for moved in (heard.moved(matrix), Bands(heard.mean, heard.covariance).moved(matrix)):
        np.testing.assert_allclose(moved.mean, shifted.mean, atol=1e-4)
        np.testing.assert_allclose(moved.covariance, shifted.covariance, atol=1e-4)
