"""Batches of many domains, each as often as any other, with references from another one."""

import numpy as np

from melgan_vc.corpus.sampler import CropSampler


class BalancedSampler(CropSampler):
    """A window of some domain, another domain that it is to be translated to, and a window of that one.

    In a batch no domain comes more than once more often than another, however much audio each has, and every other
    domain is as likely to be wanted. The batch of a step is a pure function of seed and step; parameters are those of
    `CropSampler`, with ``batch_size`` windows in all.
    """

    def batch(self, step: int) -> tuple[np.ndarray, ...]:
        """The batch of a step: ``(windows, domain, reference, wanted)``.

        Windows and references are ``(batch_size, length, columns)``, float32; domains are ``(batch_size,)``
        int32, and ``wanted`` is never the window's own.
        """
        draw = np.random.default_rng([self.seed, step, 4_000])
        number = len(self.stores)
        domain = draw.permutation((np.arange(self.batch_size) + draw.integers(number)) % number)
        wanted = (domain + draw.integers(1, number, size=self.batch_size)) % number
        return self._crops(domain, draw), domain.astype(np.int32), self._crops(wanted, draw), wanted.astype(np.int32)

    def _crops(self, domains: np.ndarray, draw: np.random.Generator) -> np.ndarray:
        """A crop of each of the domains."""
        crops = np.empty((len(domains), self.length, self.stores[0].columns), np.float32)
        for crop, domain in zip(crops, domains, strict=True):
            files, starts = self._draw_positions(draw, domain, 1)
            self.stores[domain].crop_into(crop, int(files[0]), int(starts[0]))
        return crops
