"""What a voice itself says in such places: content mixed with the nearest of its own frames."""

from collections.abc import Iterable

import numpy as np

NEIGHBOURS = 8

_UNVOICED = 1.0 / 3.0
"""Of the share that is mixed in where there is a pitch: consonants lose most by it."""

HEARD_FOR_ONE = 16
"""Frames that are grouped for each one that is kept, at most."""

_ROUNDS = 8
_CLOSEST = 1e-6  # a distance of 0 has a weight, too


def kept_frames(pieces: Iterable[np.ndarray], number: int, *, seed: int) -> np.ndarray:
    """So many frames that stand for all of a voice, the means of groups of them (k-means).

    Parameters
    ----------
    pieces : iterable of np.ndarray
        Shapes ``(T, C)``: standardised content of what sounds.
    number : int
        Of frames to keep. Of a voice that has no more than that all are kept, some of them twice.
    seed : int
        Of the draw of the frames that are grouped.

    Returns
    -------
    np.ndarray
        Shape ``(number, C)``, float32.
    """
    frames = np.concatenate([np.asarray(piece, np.float32) for piece in pieces])
    draw = np.random.default_rng([seed, 7_000])
    frames = frames[draw.permutation(len(frames))[: number * HEARD_FOR_ONE]]
    if len(frames) <= number:
        return np.resize(frames, (number, frames.shape[1]))
    centres = frames[:number].copy()
    for _ in range(_ROUNDS):
        nearest = _squared_distances(frames, centres).argmin(axis=1)
        order = np.argsort(nearest, kind="stable")
        members, first = np.unique(nearest[order], return_index=True)
        sizes = np.diff([*first, len(frames)])[:, None]
        centres[members] = np.add.reduceat(frames[order], first, axis=0) / sizes
    return centres


def retrieved(content: np.ndarray, voiced: np.ndarray, kept: np.ndarray, share: float) -> np.ndarray:
    """Content with a share of it from the frames of a voice that are nearest, as singing converters do it.

    The eight nearest count by the inverse of their squared distance. Where there is no pitch a third of the share is
    mixed in, so that consonants stay.

    Parameters
    ----------
    content : np.ndarray
        Shape ``(..., C)``, standardised.
    voiced : np.ndarray
        Shape ``(...)``: 1 where there is a pitch.
    kept : np.ndarray
        Shape ``(K, C)``, of `kept_frames`.
    share : float
        0 leaves content as it is, 1 takes all of what is voiced from the voice.
    """
    flat = content.reshape(-1, content.shape[-1])
    number = min(NEIGHBOURS, len(kept))
    distances = _squared_distances(flat, kept)
    nearest = np.argpartition(distances, number - 1, axis=1)[:, :number]
    weights = 1.0 / np.maximum(np.take_along_axis(distances, nearest, axis=1), _CLOSEST)
    weights /= weights.sum(axis=1, keepdims=True)
    found = np.einsum("nk,nkc->nc", weights, kept[nearest]).reshape(content.shape)
    shares = share * np.where(voiced > 0.5, 1.0, _UNVOICED)[..., None]
    return ((1.0 - shares) * content + shares * found).astype(np.float32)


def _squared_distances(frames: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Shape ``(len(frames), len(others))``, from 0."""
    found = -2.0 * (frames @ others.T)
    found += np.square(frames).sum(axis=1)[:, None] + np.square(others).sum(axis=1)
    return np.maximum(found, 0.0, out=found)
