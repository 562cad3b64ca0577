"""Batches of many domains, each as often as any other, with references from another one."""

import numpy as np

from melgan_vc.corpus.labelled_sampler import LabelledSampler


class BalancedSampler(LabelledSampler):
    """A window of some domain, another domain that it is to be translated to, and a window of that one.

    As `LabelledSampler`, and every other domain is as likely to be wanted.
    """

    def batch(self, step: int) -> tuple[np.ndarray, ...]:
        """The batch of a step: ``(windows, domain, reference, wanted)``.

        Windows and references are ``(batch_size, length, columns)``, float32; domains are ``(batch_size,)``
        int32, and ``wanted`` is never the window's own.
        """
        draw = np.random.default_rng([self.seed, step, self.stream])
        domain = self._domains(draw)
        wanted = (domain + draw.integers(1, len(self.stores), size=self.batch_size)) % len(self.stores)
        return self._crops(domain, draw), domain.astype(np.int32), self._crops(wanted, draw), wanted.astype(np.int32)
