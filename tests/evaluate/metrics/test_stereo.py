"""How wide a conversion is, beside its source."""

import numpy as np
import pytest

from melgan_vc.evaluate.metrics.metric import Clip
from melgan_vc.evaluate.metrics.stereo import Stereo


@pytest.fixture
def change(draw):
    """``change(before, after)``: of two recordings whose channels have these correlations."""

    def recording(correlation):
        one, other = draw.standard_normal((2, 50_000))
        return np.stack([one, correlation * one + np.sqrt(1.0 - correlation**2) * other], axis=1).astype(np.float32)

    def measured(before, after):
        channels = recording(before), recording(after)
        return Stereo().measure(Clip("clip", *(both.mean(axis=1) for both in channels), 16_000, channels=channels))

    return measured


def test_an_image_that_falls_apart_is_told(change):
    assert change(0.8, 0.0)["correlation_change"] == pytest.approx(-0.8, abs=0.02)
    assert change(0.3, 0.9)["correlation_change"] == pytest.approx(0.6, abs=0.02)
    assert change(0.5, 0.5)["correlation_change"] == pytest.approx(0.0, abs=0.02)


def test_what_is_not_stereo_and_what_is_silent_on_one_side_has_no_figure():
    tone = np.sin(np.arange(1000) / 9.0).astype(np.float32)
    assert np.isnan(Stereo().measure(Clip("clip", tone, tone, 16_000))["correlation_change"])
    one_sided = np.stack([tone, 0.0 * tone], axis=1)
    figures = Stereo().measure(Clip("clip", tone, tone, 16_000, channels=(one_sided, one_sided)))
    assert np.isnan(figures["correlation_change"])
