"""Change the voice of a log-mel and keep its words: what a generator learns to undo."""

import numpy as np

from melgan_vc.audio.mel import SILENCE
from melgan_vc.audio.voice_shift import VoiceShifts
from melgan_vc.config.mel import MelConfig

_SPREADS = 33
_CURVES = 4


class Perturb:
    """Shift the pitch and the formants of every crop, and pass it through a random equaliser.

    After the information perturbation of Choi et al., "Neural Analysis and Synthesis" (NeurIPS 2021), done on
    log-mels. The shift takes a voice to about another's, with other formants each time, and the equaliser is a random
    smooth curve over the mel bands, as another microphone's would be. What is drawn is a pure function of seed and
    step.

    The pitch is always shifted by the factor given: if it varied, the generator could not know where the harmonics
    were, and a mean absolute error would make it smear them.

    Parameters
    ----------
    mel : MelConfig
        Of the log-mels.
    spread : float
        Factors of the formants are up to ``spread`` times higher or lower than those given, uniformly in their
        logarithm; a spread of 1 is none.
    equaliser_db : float
        Standard deviation of the equaliser's curve in dB; 0 is no equaliser.
    seed : int
        Non-negative.
    """

    def __init__(self, mel: MelConfig, *, spread: float, equaliser_db: float, seed: int):
        self.seed = seed
        self._shifts = VoiceShifts(mel)
        self._spreads = spread ** np.linspace(-1.0, 1.0, _SPREADS)
        bands = (np.arange(mel.n_mels) + 0.5) / mel.n_mels
        curves = np.cos(np.pi * np.arange(_CURVES)[:, None] * bands)
        curves[1:] *= np.sqrt(2.0)
        in_units = 2.0 / (mel.ceiling_db - mel.floor_db)
        self._curves = (curves * equaliser_db * in_units / np.sqrt(_CURVES)).astype(np.float32)

    def __call__(self, batch: np.ndarray, step: int, *, pitch, formants) -> np.ndarray:
        """Perturb crops ``(B, T, n_mels)``, float32 in [-1, 1]; a new array of the same shape.

        ``pitch`` and ``formants`` are factors, one for all or ``(B,)``.
        """
        return perturbed_by(batch, *self.changes(len(batch), step, pitch=pitch, formants=formants))

    def changes(self, number: int, step: int, *, pitch, formants) -> tuple[np.ndarray, np.ndarray]:
        """What a step does to crops: matrices ``(number, n_mels, n_mels)`` and curves ``(number, 1, n_mels)``.

        There are 33 matrices at most for one pair of factors.
        """
        draw = np.random.default_rng([self.seed, step, 1_000])
        formants = formants * self._spreads[draw.integers(_SPREADS, size=number)]
        curves = draw.standard_normal((number, 1, _CURVES), dtype=np.float32) @ self._curves
        return self._shifts(np.broadcast_to(pitch, number), formants), curves


def perturbed_by(batch: np.ndarray, shifts: np.ndarray, curves: np.ndarray) -> np.ndarray:
    """Crops ``(B, T, n_mels)`` with the changes of `Perturb.changes`; again in [-1, 1]."""
    audible = batch > SILENCE
    return np.clip((batch - SILENCE) @ shifts + SILENCE + curves * audible, -1.0, 1.0)
