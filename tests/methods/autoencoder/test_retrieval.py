"""Content from the nearest frames that a voice itself was heard to say."""

import keras
import numpy as np
import pytest

from melgan_vc.errors import MelganVcError
from melgan_vc.features.table import silence_of
from melgan_vc.methods.autoencoder.conversion import Source
from melgan_vc.methods.autoencoder.origin import begin_polishing
from melgan_vc.methods.autoencoder.retrieval import kept_frames, retrieved
from melgan_vc.methods.conversion import conversion_of
from melgan_vc.methods.registry import build_method, build_network
from melgan_vc.runs.origin import Origin

RECOGNIZER, KEPT = "method.content=recognizer", "method.retrieval=64"


@pytest.fixture(scope="module")
def conversion(settings):
    """Of an untrained network that has kept 64 frames of either voice."""
    config = settings(RECOGNIZER, KEPT)
    keras.utils.set_random_seed(0)
    network = build_network(config)
    network.decoder.pitches.assign([[1.0, 0.2], [2.0, 0.2]])
    network.decoder.kept.assign(np.random.default_rng(1).standard_normal(network.decoder.kept.shape))
    return conversion_of(config, network, to="boris")


def test_what_is_voiced_comes_from_the_voice_and_consonants_keep_two_thirds_of_their_own(draw):
    kept = 10.0 * draw.standard_normal((20, 6)).astype(np.float32)
    content = kept[[3, 7]] + 0.01
    moved = retrieved(np.stack([content, content]), np.array([[1.0, 1.0], [0.0, 0.0]]), kept, 1.0)
    np.testing.assert_allclose(moved[0], kept[[3, 7]], atol=0.01, err_msg="the nearest counts for nearly all")
    np.testing.assert_allclose(moved[1], (2.0 * content + moved[0]) / 3.0, rtol=1e-5)
    half = retrieved(content, np.ones(2), kept, 0.5)
    np.testing.assert_allclose(half, 0.5 * (content + moved[0]), rtol=1e-5)
    np.testing.assert_array_equal(retrieved(content, np.ones(2), kept, 0.0), content)


def test_eight_nearest_count_by_the_inverse_of_their_squared_distance():
    kept = np.arange(1.0, 11.0, dtype=np.float32)[:, None]  # at distances 1 to 10 from 0
    weights = 1.0 / np.arange(1, 9) ** 2
    expected = np.sum(weights * np.arange(1, 9)) / np.sum(weights)
    np.testing.assert_allclose(retrieved(np.zeros((1, 1)), np.ones(1), kept, 1.0), [[expected]], rtol=1e-5)


def test_frames_that_are_kept_stand_for_all_that_was_heard(draw):
    places = 20.0 * draw.standard_normal((5, 8))
    heard = places[draw.integers(5, size=3000)] + draw.standard_normal((3000, 8))
    kept = kept_frames([heard[:1000], heard[1000:]], 60, seed=0)
    assert kept.shape == (60, 8)
    away = np.linalg.norm(kept[:, None] - places, axis=2)
    assert set(away.argmin(axis=1)) == set(range(5))
    assert away.min(axis=1).mean() < 2.4, "nearer to where they come from than what was heard, at 2.7"
    np.testing.assert_array_equal(kept, kept_frames([heard], 60, seed=0))
    few = kept_frames([heard[:7]], 20, seed=0)
    assert few.shape == (20, 8) and {*map(tuple, few)} == {*map(tuple, heard[:7].astype(np.float32))}


def test_a_training_keeps_standardised_frames_of_each_voice(settings, store_of):
    config = settings(RECOGNIZER, KEPT)
    method = build_method(config)
    method.learn_domains([store_of(config, number) for number in (0, 1)])
    kept = np.asarray(method.voices.decoder.kept)
    assert kept.shape == (2, 64, 512) and len({*map(tuple, kept[0])}) == 64
    np.testing.assert_allclose(kept.mean(axis=(1, 2)), 0.0, atol=0.1)
    assert 0.1 < kept.std() <= 1.0, "means of groups vary less than frames"


def test_retrieval_is_off_unless_asked_for_and_chunked_equals_whole(conversion, draw):
    frames = draw.standard_normal((150, conversion.columns)).astype(np.float32)
    frames[:, -3:] = np.stack([draw.normal(1.0, 0.2, 150), np.arange(150) % 3 > 0, np.full(150, 0.7)], axis=1)
    known = Source(np.stack([np.zeros(512), np.ones(512)]), np.array([1.0, 0.2]))
    plain = conversion.whole(frames, known)
    conversion.set_retrieval(0.5)
    before, after, _ = conversion.reach
    silence = silence_of(conversion.config.mel, conversion.features)
    padded = np.concatenate([np.tile(silence, (before, 1)), frames, np.tile(silence, (after, 1))])
    mixed = conversion(padded[None].astype(np.float32), known)[0, before : before + 150]
    pieces = np.concatenate([*conversion.in_chunks(known, chunk=24).stream(np.split(frames, [3, 50]))])
    conversion.set_retrieval(0.0)
    np.testing.assert_allclose(pieces, mixed, atol=1e-4)
    assert np.abs(mixed - plain).max() > 0.01
    np.testing.assert_array_equal(conversion.whole(frames, known), plain)


def test_a_run_that_keeps_nothing_of_its_voices_says_so(settings):
    for overrides in ((RECOGNIZER,), ("method.content=student", KEPT)):
        config = settings(*overrides)
        with pytest.raises(
            MelganVcError, match=r"--retrieval .* keeps none.* content=recognizer with --set method.retrieval=2048"
        ):
            conversion_of(config, build_network(config), to="anna").set_retrieval(0.3)


def test_the_second_stage_keeps_the_frames_of_the_first(settings, run_of):
    run, first = run_of(settings(RECOGNIZER, KEPT))
    polished = settings(RECOGNIZER, KEPT, "method.polish=true")
    voices = build_network(polished)
    begin_polishing(Origin(polish=str(run)), polished, voices)
    np.testing.assert_array_equal(voices.decoder.kept, first.decoder.kept)
    more = settings(RECOGNIZER, "method.retrieval=65", "method.polish=true")
    with pytest.raises(MelganVcError, match="method.retrieval is 65 in the run and 64 in before"):
        begin_polishing(Origin(polish=str(run)), more, build_network(more))
