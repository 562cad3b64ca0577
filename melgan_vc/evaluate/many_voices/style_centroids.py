"""Which of several styles of music a clip sounds like."""

from collections.abc import Mapping, Sequence

import numpy as np

from melgan_vc.errors import MelganVcError
from melgan_vc.features.musicnn import Musicnn


class StyleCentroids:
    """The mean embedding of each of several styles, counted from the mean of them all.

    Embeddings are of musicnn's network MTT, as for the Fréchet distance. All music is alike there (a cosine of .8 and
    more): only what is not common to the styles tells them apart.

    Parameters
    ----------
    examples : mapping of str to sequence of np.ndarray
        Clips ``(samples,)`` of each style, by name; two or more.
    rate : int
        Their sampling rate in Hz.

    Raises
    ------
    MelganVcError
        If no clip of a style has three seconds of sound.
    MissingEvaluator
        If musicnn is not installed.
    """

    def __init__(self, examples: Mapping[str, Sequence[np.ndarray]], rate: int):
        self._network = Musicnn("MTT")
        means = {name: self._mean(clips, rate) for name, clips in examples.items()}
        for name, mean in means.items():
            if mean is None:
                raise MelganVcError(
                    f"Expected clips of {name} with three seconds of sound, to know the style by, received: none"
                )
        self._middle = np.mean(list(means.values()), axis=0)
        self._centroids = {name: _unit(mean - self._middle) for name, mean in means.items()}

    def similarities(self, wave: np.ndarray, rate: int) -> dict[str, float]:
        """Cosine of a clip ``(samples,)`` to every style, in [-1, 1]; NaN of less than three seconds of sound."""
        mean = self._mean([wave], rate)
        if mean is None:
            return dict.fromkeys(self._centroids, float("nan"))
        vector = _unit(mean - self._middle)
        return {name: float(vector @ centroid) for name, centroid in self._centroids.items()}

    def _mean(self, waves: Sequence[np.ndarray], rate: int) -> np.ndarray | None:
        patches = np.concatenate([self._network(wave, rate).embeddings for wave in waves])
        return patches.mean(axis=0) if len(patches) else None


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
