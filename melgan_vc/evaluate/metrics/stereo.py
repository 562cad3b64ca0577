"""Whether a conversion is as wide as its source."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric


class Stereo(Metric):
    """Correlation of left and right in the conversion less that in the source; NaN of what is not stereo.

    Channels that are alike, as of a voice in the middle, have 1, those that have nothing in common 0.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("correlation_change", "correlation of left and right, less that of the source"),
    )

    def measure(self, clip: Clip) -> Mapping[str, float]:
        if clip.channels is None:
            return {"correlation_change": float("nan")}
        before, after = map(_correlation, clip.channels)
        return {"correlation_change": after - before}


def _correlation(channels: np.ndarray) -> float:
    """Of sound ``(samples, 2)``; NaN where a channel is silent."""
    left, right = (channels - channels.mean(axis=0)).astype(np.float64).T
    lengths = np.linalg.norm(left) * np.linalg.norm(right)
    return float(left @ right / lengths) if lengths > 0.0 else float("nan")
