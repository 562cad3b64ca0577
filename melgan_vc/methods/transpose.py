"""Music in other keys: both domains are moved, each window by semitones of its own."""

import numpy as np

from melgan_vc.audio.voice_shift import VoiceShifts, shift_log_mel
from melgan_vc.config.mel import MelConfig


class Transpose:
    """Move the pitch of every crop by whole semitones, and keep its timbre.

    A few keys of a small corpus become many, so that no key tells a domain; Mor et al., "A Universal Music
    Translation Network" (ICLR 2019), section 3.2, do the like at random places of a crop. What is drawn is a pure
    function of seed and step.

    Parameters
    ----------
    mel : MelConfig
        Of the log-mels.
    semitones : int
        Up or down, at most; any number of them is as likely as any other.
    seed : int
        Non-negative.
    """

    def __init__(self, mel: MelConfig, semitones: int, *, seed: int):
        self.semitones = semitones
        self.seed = seed
        self._n_mels = mel.n_mels
        self._shifts = VoiceShifts(mel)

    def __call__(self, batches: tuple[np.ndarray, ...], step: int) -> tuple[np.ndarray, ...]:
        """Move one batch ``(B, T, columns)``, float32, per domain; new arrays of the same shapes.

        Columns after the log-mel, and what is no crops, as the names of domains, stay as they are.
        """
        return tuple(
            self._moved(batch, np.random.default_rng([self.seed, step, domain, 2_000])) if batch.ndim == 3 else batch
            for domain, batch in enumerate(batches)
        )

    def _moved(self, batch: np.ndarray, draw: np.random.Generator) -> np.ndarray:
        semitones = draw.integers(-self.semitones, self.semitones, size=len(batch), endpoint=True)
        shifts = self._shifts(2.0 ** (semitones / 12.0), np.ones(len(batch)))
        mels = shift_log_mel(batch[..., : self._n_mels], shifts)
        return np.concatenate([mels, batch[..., self._n_mels :]], axis=-1)
