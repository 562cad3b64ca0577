"""Features that are worked out a stretch of sound at a time."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar

import numpy as np

from melgan_vc.audio.chunks import ChunkedPass, Reach
from melgan_vc.features.feature import Feature


class WindowedFeature(Feature):
    """A feature that is worked out a stretch of sound at a time, on a grid that begins with the file.

    Attributes
    ----------
    stretch : int
        Frames that are given of each stretch.
    """

    stretch: int = 128

    @property
    def margin(self) -> tuple[int, int]:
        """Frames that are heard before and after each stretch, and discarded.

        As many as its `reach`, unless a frame depends on all of its stretch: then the reach is wider.
        """
        return self.reach

    @abstractmethod
    def analyse(self, waves: np.ndarray) -> np.ndarray:
        """The frames of stretches of sound.

        Parameters
        ----------
        waves : np.ndarray
            Shape ``(B, T * hop_length)``, float32; sample ``t * hop_length`` is the centre of frame ``t``. The last
            one of a file is as short as what is left of it.

        Returns
        -------
        np.ndarray
            Shape ``(B, T, columns)``. The `margin` at either end is not used.
        """

    def stream(self, blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """See `Feature.stream`."""
        chunks = ChunkedPass(
            lambda rows: self.analyse(rows.reshape(len(rows), -1)).astype(np.float32),
            reach=Reach(*self.margin),
            silence=np.zeros(self.mel.hop_length, np.float32),
            chunk=self.stretch,
            same_length=False,
        )
        return chunks.stream(self._hops(blocks))

    def _hops(self, blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """Sound in rows ``(T, hop_length)``, one from the centre of each frame to that of the next."""
        hop = self.mel.hop_length
        rest = np.zeros(0, np.float32)
        for block in blocks:
            rest = np.concatenate([rest, block])
            whole = len(rest) // hop * hop
            yield rest[:whole].reshape(-1, hop)
            rest = rest[whole:]
        yield np.pad(rest, (0, hop - len(rest)))[None]


class RecognisedFeature(WindowedFeature):
    """A feature of a network that hears whole windows: all of one shows in each of its frames.

    Attributes
    ----------
    margin_seconds : float
        Of a window, that are heard on either side of its stretch and discarded.
    """

    margin_seconds: ClassVar[float] = 0.0

    @property
    def margin(self) -> tuple[int, int]:
        """`margin_seconds` on either side."""
        frames = int(np.ceil(self.margin_seconds * self.mel.frames_per_second))
        return frames, frames

    @property
    def reach(self) -> tuple[int, int]:
        """All of the window that the frame is in, wherever in its stretch it is."""
        frames = self.stretch - 1 + self.margin[0]
        return frames, frames
