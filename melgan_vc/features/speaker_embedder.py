"""What tells speakers apart: a direction for every clip, nearly the same for all that one speaker says."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from melgan_vc.errors import MelganVcError
from melgan_vc.features.speech import SHORTEST_SECONDS


class SpeakerEmbedder(ABC):
    """Clips of speech to vectors of length 1, whose cosine says how alike two voices are."""

    @abstractmethod
    def embed(self, wave: np.ndarray, rate: int) -> np.ndarray | None:
        """The vector ``(256,)`` of a clip ``(samples,)``, of length 1; None if there is no speech in it."""

    def centroid(self, which: str, clips: Sequence[np.ndarray], rate: int) -> np.ndarray:
        """Mean vector ``(256,)``, of length 1, of clips ``(samples,)`` of the speaker called ``which``.

        Raises
        ------
        MelganVcError
            If there is no speech in any of them.
        """
        vectors = [vector for vector in (self.embed(clip, rate) for clip in clips) if vector is not None]
        if not vectors:
            raise MelganVcError(
                f"Expected clips of the {which} speaker, received: {len(clips)}, none of them longer than "
                f"{SHORTEST_SECONDS} s and not silent; give a few seconds of speech or more"
            )
        return of_length_one(np.mean(vectors, axis=0))


def of_length_one(vector: np.ndarray) -> np.ndarray:
    """A vector's direction.

    >>> of_length_one(np.array([3.0, 4.0])).tolist()
    [0.6, 0.8]
    """
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
