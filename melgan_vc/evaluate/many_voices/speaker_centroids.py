"""Which of several voices a clip sounds like."""

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from melgan_vc.features.speaker_print import SpeakerPrint


class SpeakerCentroids:
    """The mean d-vector of each of several speakers.

    Parameters
    ----------
    embedder : SpeakerPrint
        Gives the d-vectors.
    examples : mapping of str to sequence of np.ndarray
        Clips ``(samples,)`` of each speaker, by name; a minute of speech is plenty, and costs some seconds.
    rate : int
        Their sampling rate in Hz.

    Raises
    ------
    MelganVcError
        If there is no speech in any clip of a speaker.
    """

    def __init__(self, embedder: SpeakerPrint, examples: Mapping[str, Sequence[np.ndarray]], rate: int):
        self._embedder = embedder
        self._rate = rate
        self._centroids = {name: embedder.centroid(name, clips, rate) for name, clips in examples.items()}

    def plus(self, name: str, examples: Sequence[np.ndarray]) -> Self:
        """These speakers and one more."""
        joined = type(self)(self._embedder, {name: examples}, self._rate)
        joined._centroids = self._centroids | joined._centroids
        return joined

    def similarities(self, wave: np.ndarray, rate: int) -> dict[str, float]:
        """Cosine of a clip ``(samples,)`` to every speaker, in [-1, 1]; NaN where there is no speech in it."""
        vector = self._embedder.embed(wave, rate)
        if vector is None:
            return dict.fromkeys(self._centroids, float("nan"))
        return {name: float(vector @ centroid) for name, centroid in self._centroids.items()}
