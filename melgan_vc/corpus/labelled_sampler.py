"""Batches of windows of any of several domains, each as often as any other."""

import numpy as np

from melgan_vc.corpus.sampler import CropSampler


class LabelledSampler(CropSampler):
    """Windows of some domain, and which it is.

    In a batch no domain comes more than once more often than another, however much audio each has. The batch of a
    step is a pure function of seed and step; parameters are those of `CropSampler`, with ``batch_size`` windows in
    all.
    """

    stream = 4_000

    def batch(self, step: int) -> tuple[np.ndarray, ...]:
        """The batch of a step: windows ``(batch_size, length, columns)``, float32, and domains ``(batch_size,)``."""
        draw = np.random.default_rng([self.seed, step, self.stream])
        domain = self._domains(draw)
        return self._crops(domain, draw), domain.astype(np.int32)

    def of_domains(self, domains: np.ndarray, step: int) -> np.ndarray:
        """Other windows of a step, of these domains ``(B,)``: ``(B, length, columns)``."""
        return self._crops(domains, np.random.default_rng([self.seed, step, self.stream, 1]))

    def _domains(self, draw: np.random.Generator) -> np.ndarray:
        number = len(self.stores)
        return draw.permutation((np.arange(self.batch_size) + draw.integers(number)) % number)

    def _crops(self, domains: np.ndarray, draw: np.random.Generator) -> np.ndarray:
        """A crop of each of the domains."""
        crops = np.empty((len(domains), self.length, self.stores[0].columns), np.float32)
        for crop, domain in zip(crops, domains, strict=True):
            files, starts = self._draw_positions(draw, domain, 1)
            self.stores[domain].crop_into(crop, int(files[0]), int(starts[0]))
        return crops
