"""Voices that a method shifts by a constant, and the perturbation that undoes it."""

import numpy as np

from melgan_vc.audio.voice_shift import voice_shift
from melgan_vc.config import RunConfig
from melgan_vc.methods.perturb import Perturb


def shift_to(domain: str, config: RunConfig) -> np.ndarray | None:
    """The matrix by which the generator to a domain shifts its input; None where it does not.

    ``method.pitch`` and ``method.formants`` lead to the target, and their inverses to the source.
    """
    if not config.method.shifts_voice:
        return None
    pitch, formants = _factors(domain, config)
    return voice_shift(config.mel, pitch=pitch, formants=formants)


def perturbation(domain: str, config: RunConfig) -> Perturb:
    """What takes windows of a domain to about the voice that its generator is given: see `Perturb`."""
    pitch, formants = _factors(domain, config)
    return Perturb(
        config.mel,
        pitch=1.0 / pitch,
        formants=1.0 / formants,
        spread=config.training.perturbation,
        equaliser_db=config.training.equaliser_db,
        seed=config.training.seed,
    )


def _factors(domain: str, config: RunConfig) -> tuple[float, float]:
    method = config.method
    return (method.pitch, method.formants) if domain == "target" else (1.0 / method.pitch, 1.0 / method.formants)
