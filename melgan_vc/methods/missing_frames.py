"""Windows with a stretch of frames taken out, for a generator that is to fill it in."""

from collections.abc import Sequence

import numpy as np

from melgan_vc.nets.gated_layers import MISSING


class MissingFrames:
    """Copies each domain's windows with a stretch of frames missing.

    Kaneko et al. 2021, "MaskCycleGAN-VC" (filling in frames): a generator that must invent what is missing learns how
    frames follow each other. What is drawn is a pure function of seed and step.

    Parameters
    ----------
    longest : int
        A stretch has 0 to so many frames, each number as likely as any other, at any place.
    seed : int
        Non-negative.
    """

    def __init__(self, longest: int, *, seed: int):
        self.longest = longest
        self.seed = seed

    def __call__(self, batch: Sequence[np.ndarray], step: int) -> tuple[np.ndarray, ...]:
        """Windows ``(B, T, n_mels)`` of each domain to copies with gaps."""
        return tuple(self._without(windows, domain, step) for domain, windows in enumerate(batch))

    def _without(self, windows: np.ndarray, domain: int, step: int) -> np.ndarray:
        draw = np.random.default_rng([self.seed, step, 2_000 + domain])
        number, frames, _ = windows.shape
        lengths = draw.integers(self.longest + 1, size=number)
        starts = draw.integers(frames - lengths + 1)
        frame = np.arange(frames)
        missing = (frame >= starts[:, None]) & (frame < (starts + lengths)[:, None])
        return np.where(missing[:, :, None], np.float32(MISSING), windows)
