"""Whether a conversion is as loud as its source, and whole."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from melgan_vc.audio.loudness import level_of
from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric

_FULL_SCALE = 0.9999


class Level(Metric):
    """Gated loudness of the conversion less that of the source, in dB, and the share of samples at full scale.

    A limiter keeps samples below full scale, so those that reach it were cut off.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("level_change", "dB that it is louder than the source, gated"),
        Column("at_full_scale", "share of samples at full scale or beyond", "lower"),
    )

    def measure(self, clip: Clip) -> Mapping[str, float]:
        before, after = (level_of(np.asarray(wave, np.float32), clip.rate) for wave in (clip.source, clip.converted))
        if not (np.isfinite(before) and np.isfinite(after)):
            return {"level_change": float("nan"), "at_full_scale": float("nan")}
        return {"level_change": after - before, "at_full_scale": float(np.mean(np.abs(clip.converted) > _FULL_SCALE))}
