"""How much of the input was left as it was."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.features.memo import memoized
from melgan_vc.features.waveforms import comparable, thinned

MOST_CLIPS = 16


class Copied(Metric):
    """Identity ratio: 1 if the output is the input, 0 if it is as far from it as unrelated clips of the target.

    ::

        1 - mean |mel(converted) - mel(source)| / mean |mel(source) - mel(clip of the target)|

    over all frames and bands that both have, all at one level. Neither end is the aim: a conversion keeps the
    content, so it lies between. It is below 0 where the output is further from the input than another clip would be.

    Parameters
    ----------
    config : MelConfig
        The log-mel to compare in.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("identity_ratio", "1: the input was copied, 0: as unlike it as any clip of the target", "none"),
    )

    def __init__(self, config: MelConfig):
        self._config = config
        self._log_mel = memoized(self._analyse)
        self._unrelated: list[np.ndarray] = []

    def prepare(self, source: Sequence[np.ndarray], target: Sequence[np.ndarray], rate: int) -> None:
        mels = [self._log_mel(wave, rate) for wave in thinned(target, MOST_CLIPS)]
        self._unrelated = [mel for mel in mels if mel is not None]

    def measure(self, clip: Clip) -> Mapping[str, float]:
        source, converted = self._log_mel(clip.source, clip.rate), self._log_mel(clip.converted, clip.rate)
        if source is None or converted is None or not self._unrelated:
            return {"identity_ratio": float("nan")}
        unrelated = float(np.mean([_difference(source, mel) for mel in self._unrelated]))
        if unrelated == 0.0:
            return {"identity_ratio": float("nan")}
        return {"identity_ratio": 1.0 - _difference(source, converted) / unrelated}

    def _analyse(self, wave: np.ndarray, rate: int) -> np.ndarray | None:
        wave = comparable(wave, rate, self._config.rate, seconds=0.1)
        return None if wave is None else log_mel(wave, self._config)


def _difference(first: np.ndarray, second: np.ndarray) -> float:
    """Mean absolute difference of two log-mels over the time that both have."""
    frames = min(len(first), len(second))
    return float(np.mean(np.abs(first[:frames] - second[:frames])))
