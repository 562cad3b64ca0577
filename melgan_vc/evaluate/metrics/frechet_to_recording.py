"""How far music that a vocoder made is from the recordings as a whole: a Fréchet distance of musicnn embeddings."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from melgan_vc.evaluate.metrics.frechet import FEWEST_PATCHES, fit_gaussian, frechet_distance
from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric
from melgan_vc.features.musicnn import Musicnn, Network
from melgan_vc.features.packages import import_evaluator

COLUMN = "fad_musicnn_to_recording"
PATCH_HOP = 62
"""Frames of 16 ms, about a second."""


class FrechetToRecording(Metric):
    """Fréchet distance between all patches of the recordings and all patches of what was made of them.

    As `FrechetDistance`, from the same embedding, with three differences. Both sets are of the same music, so that
    there is no floor: 0 is the recording itself. All 200 dimensions count: what a vocoder adds to music lies outside
    the few directions in which pieces of music differ. And a patch of three seconds begins every second, or short
    clips would have few: on five clips of 8 s that moved the distance of Griffin-Lim from 8.0 to 8.2 only.

    Parameters
    ----------
    network : {'MTT', 'MSD'}
        Which of musicnn's networks.

    Raises
    ------
    MissingEvaluator
        If musicnn is not installed.
    """

    set_columns: ClassVar[tuple[Column, ...]] = (
        Column(
            COLUMN,
            "Fréchet distance of all that was made to all recordings (musicnn embedding)",
            "lower",
            judge="musicnn",
        ),
    )

    def __init__(self, *, network: Network = "MTT"):
        import_evaluator("sklearn", purpose="covariances", install="scikit-learn")
        self._musicnn = Musicnn(network, patch_hop=PATCH_HOP)

    def measure(self, clip: Clip) -> Mapping[str, float]:
        return {}

    def summarise(self, clips: Sequence[Clip]) -> Mapping[str, float]:
        """NaN with less than eight patches of either: that is less than two clips of 6 s."""
        sets = [
            np.concatenate(
                [self._musicnn(wave, clip.rate).embeddings for wave, clip in zip(waves, clips, strict=True)]
            )
            for waves in ([clip.source for clip in clips], [clip.converted for clip in clips])
        ]
        if min(map(len, sets)) < FEWEST_PATCHES:
            return {COLUMN: float("nan")}
        # What the recording is from itself is 0 but for the rounding of eigenvalues.
        return {COLUMN: round(frechet_distance(*(fit_gaussian(patches) for patches in sets)), 6)}
