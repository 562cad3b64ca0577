"""What a step is given: crops, and what the method makes of them."""

import numpy as np
import pytest

from melgan_vc.corpus.prepare import prepare
from melgan_vc.methods.presets import preset
from melgan_vc.methods.registry import build_method
from melgan_vc.nets.gated_layers import MISSING
from melgan_vc.training.train import feed


def batches(config, corpus, first, number):
    """Batches ``first`` and later ones, as training gets them."""
    folders = [corpus[name] for name in ("source", "target")]
    options = {"mel": config.mel, "corpus": config.corpus, "cache": corpus["cache"]}
    stores = [prepare(path, **options).train for path in folders]
    given = feed(build_method(config), stores, first)
    found = [next(given)[0] for _ in range(number)]
    given.close()
    return found


def test_cyclegan_gets_windows_with_frames_missing_and_the_same_when_it_resumes(corpus):
    settings = ["method.generator.architecture=two_one_two", "method.masked_frames=8"]
    config = preset("debug", "cyclegan").with_overrides(settings)
    story = batches(config, corpus, 0, 4)
    for source, target, source_gaps, target_gaps in story:
        assert source.shape == target.shape == source_gaps.shape == target_gaps.shape == (4, 16, 32)
        for whole, gaps in ((source, source_gaps), (target, target_gaps)):
            np.testing.assert_array_equal(gaps[gaps != MISSING], whole[gaps != MISSING])
    assert any(np.any(batch[2] == MISSING) for batch in story)
    for batch, again in zip(story[2:], batches(config, corpus, 2, 2), strict=True):
        for array, same in zip(batch, again, strict=True):
            np.testing.assert_array_equal(array, same)


@pytest.mark.parametrize("method", ["travelgan"], indirect=True, scope="session")
def test_it_is_given_to_fit_batch_for_batch_and_nobody_waits_for_it_when_it_is_let_go_of(trainer):
    """The thread that tunes how data is read sleeps for up to a minute, and who drops the data waits for it."""
    batches = [(tuple(np.full((2, 3), number, np.float32) for _ in range(2)),) for number in range(3)]
    data = trainer.as_data(iter(batches))
    assert data.options().autotune.enabled is False
    for given, (expected,) in zip(data.as_numpy_iterator(), batches, strict=True):
        np.testing.assert_array_equal(given[0], expected)
