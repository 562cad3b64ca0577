"""The frame table of a file: log-mel and features side by side, a row for each frame."""

import itertools
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from melgan_vc.audio.mel import SILENCE, stream_log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.features.feature import Feature


def silence_of(mel: MelConfig, features: Sequence[Feature]) -> np.ndarray:
    """A row ``(C,)`` of nothing."""
    log_mel = np.full(mel.n_mels, SILENCE, np.float32)
    return np.concatenate([log_mel, *(feature.silence for feature in features)])


def stream_frames(
    blocks: Iterable[np.ndarray], mel: MelConfig, features: Sequence[Feature] = ()
) -> Iterator[np.ndarray]:
    """Sound as it comes to rows of its frame table, in constant memory.

    Parameters
    ----------
    blocks : iterable of np.ndarray
        Consecutive pieces ``(samples,)`` of a waveform at ``mel.rate``, float32.
    mel : MelConfig
        Of the log-mel.
    features : sequence of Feature
        What else is heard, in the order of the columns.

    Yields
    ------
    np.ndarray
        Consecutive pieces ``(frames, C)``, float32: the log-mel's ``n_mels`` columns first.

    Raises
    ------
    ValueError
        If a feature has fewer frames than the log-mel.
    """
    if not features:
        yield from stream_log_mel(blocks, mel)
        return
    first, *others = itertools.tee(blocks, 1 + len(features))
    columns = [_Column(feature, own) for feature, own in zip(features, others, strict=True)]
    for log_mel in stream_log_mel(first, mel):
        yield np.concatenate([log_mel, *(column.take(len(log_mel)) for column in columns)], axis=1)


class _Column:
    """One feature's frames, as many at a time as are asked for."""

    def __init__(self, feature: Feature, blocks: Iterable[np.ndarray]):
        self._feature = feature
        self._pieces = feature.stream(blocks)
        self._waiting = np.zeros((0, feature.columns), np.float32)

    def take(self, frames: int) -> np.ndarray:
        """The next frames ``(frames, columns)``."""
        while len(self._waiting) < frames:
            piece = next(self._pieces, None)
            if piece is None:
                raise ValueError(f"Expected a frame of {self._feature.name} for each of the log-mel, received: fewer")
            self._waiting = np.concatenate([self._waiting, piece])
        taken, self._waiting = self._waiting[:frames], self._waiting[frames:]
        return taken
