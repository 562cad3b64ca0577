"""Whether prints of clips are of one speaker or of two."""

import numpy as np

from melgan_vc.features.speaker_embedder import of_length_one

FEWEST_CLIPS = 6
"""Of fewer, nothing is said."""

SAME_SPEAKER = 0.7
"""Cosine of two halves of the same speaker's prints, at least.

By `SpeakerPrint`, over clips of up to 6 s of five speakers, those of two speakers are at 0.67 at most, however they
are mixed. The two halves of one speaker's are at 0.71 at least, and at 0.79 where the smaller has two clips of 24 or
more; with half of the clips from another room at 0.79, but from a telephone at 0.49, and with noise 15 dB below the
voice at 0.62: those cannot be told from another person. Noise in all clips alike would, but brings speakers to 0.97.
"""

_LEAST_CLIPS = 2  # one alone may be a laugh
_ROUNDS = 30


def other_speaker(prints: np.ndarray) -> np.ndarray:
    """Which clips seem to be of another speaker than most.

    The clips are parted in two by k-means on the sphere, from the two that are least alike, and from the one that is
    least like all; the better parting counts.

    Parameters
    ----------
    prints : np.ndarray
        Shape ``(N, D)``, each of length 1, see `SpeakerEmbedder`.

    Returns
    -------
    np.ndarray
        Shape ``(N,)``, bool: those of the smaller part, or none where both are of one voice.

    Examples
    --------
    >>> other_speaker(np.eye(2)[[0, 0, 0, 0, 1, 1]]).tolist()
    [False, False, False, False, True, True]
    """
    nobody = np.zeros(len(prints), bool)
    if len(prints) < FEWEST_CLIPS:
        return nobody
    alike = prints @ prints.T
    odd = int(np.argmin(alike.sum(axis=1)))
    starts = {divmod(int(np.argmin(alike)), len(prints)), (odd, int(np.argmin(alike[odd])))}
    partings = [_parted(prints, prints[list(start)]) for start in sorted(starts)]
    second, centres = max(partings, key=lambda found: float(np.sum(prints * found[1][found[0].astype(int)])))
    smaller = second if second.sum() * 2 <= len(second) else ~second
    if smaller.sum() < _LEAST_CLIPS or float(centres[0] @ centres[1]) >= SAME_SPEAKER:
        return nobody
    return smaller


def _parted(prints: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which are of the second of two parts ``(N,)``, and the centres of both ``(2, D)``."""
    second = prints @ centres[1] > prints @ centres[0]
    for _ in range(_ROUNDS):
        if second.all() or not second.any():
            break
        centres = np.stack([of_length_one(prints[part].mean(axis=0)) for part in (~second, second)])
        again = prints @ centres[1] > prints @ centres[0]
        if np.array_equal(again, second):
            break
        second = again
    return second, centres
