"""Random crops of every domain, the same for the same seed and step."""

from collections.abc import Sequence

import numpy as np

from melgan_vc.corpus.store import FrameStore


class CropSampler:
    """Batches of random crops, unpaired across domains.

    A file is drawn in proportion to its frames, and within it every start is as likely as any other. A
    file shorter than a crop is used whole, at a random place within silence.

    The batch of a step is a pure function of seed and step (the generator is counter-based), so training
    that resumes at a step goes on with exactly the batches it would have seen.

    Parameters
    ----------
    stores : sequence of FrameStore
        One per domain.
    length : int
        Frames in a crop.
    batch_size : int
        Crops of each domain in a batch.
    seed : int
        Non-negative.
    """

    def __init__(self, stores: Sequence[FrameStore], *, length: int, batch_size: int, seed: int):
        for domain, store in enumerate(stores):
            if not store.frames:
                raise ValueError(f"Expected features to draw from, received: domain {domain} is empty")
        self.stores = tuple(stores)
        self.length = length
        self.batch_size = batch_size
        self.seed = seed
        self._counts = [store.frame_counts for store in stores]
        self._ends = [np.cumsum(counts) for counts in self._counts]

    def positions(self, step: int, domain: int) -> tuple[np.ndarray, np.ndarray]:
        """Files and first frames of a step's crops, each ``(batch_size,)``; a start may be negative."""
        return self._draw_positions(np.random.default_rng([self.seed, step, domain]), domain, self.batch_size)

    def _draw_positions(self, draw: np.random.Generator, domain: int, size: int) -> tuple[np.ndarray, np.ndarray]:
        frame = draw.integers(self._ends[domain][-1], size=size)
        files = np.searchsorted(self._ends[domain], frame, side="right")
        spare = self._counts[domain][files] - self.length
        starts = np.sign(spare) * draw.integers(np.abs(spare) + 1)
        return files, starts

    def batch(self, step: int) -> tuple[np.ndarray, ...]:
        """The crops of a step: for each domain ``(batch_size, length, columns)``, float32."""
        return tuple(self._domain_batch(step, domain) for domain in range(len(self.stores)))

    def _domain_batch(self, step: int, domain: int) -> np.ndarray:
        store = self.stores[domain]
        crops = np.empty((self.batch_size, self.length, store.columns), np.float32)
        for crop, file_index, start in zip(crops, *self.positions(step, domain), strict=True):
            store.crop_into(crop, int(file_index), int(start))
        return crops
