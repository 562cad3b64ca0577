"""Voices that a method shifts by a constant, and the perturbation that undoes it."""

import functools
from collections.abc import Callable

import numpy as np
from keras import ops

from melgan_vc.audio.voice_shift import shift_log_mel, voice_shift
from melgan_vc.config.run import RunConfig
from melgan_vc.methods.perturb import Perturb


def shift_to(domain: str, config: RunConfig) -> np.ndarray | None:
    """The matrix by which the generator to a domain shifts its input; None where it does not.

    ``method.pitch`` and ``method.formants`` lead to the target, and their inverses to the source.
    """
    if not config.method.shifts_voice:
        return None
    pitch, formants = _factors(domain, config)
    return voice_shift(config.mel, pitch=pitch, formants=formants)


def shift_voice(windows, shift: np.ndarray | None):
    """Log-mels ``(B, T, n_mels)`` moved by a matrix, or as they are if there is none."""
    return windows if shift is None else shift_log_mel(ops.cast(windows, "float32"), shift, ops)


def identity_input(mel: np.ndarray, domain: str, config: RunConfig) -> np.ndarray:
    """What to give the generator to a domain, so that a log-mel ``(T, n_mels)`` of that domain comes back.

    A generator that shifts what it is given needs it from where the other domain lies.
    """
    other = "source" if domain == "target" else "target"
    return np.asarray(shift_voice(mel[None], shift_to(other, config)), np.float32)[0]


def perturb_of(config: RunConfig) -> Perturb:
    """The perturbation that a method's settings ask for."""
    method = config.method
    return Perturb(
        config.mel, spread=method.perturbation, equaliser_db=method.equaliser_db, seed=config.training.seed
    )


def perturbation(domain: str, config: RunConfig) -> Callable[[np.ndarray, int], np.ndarray]:
    """What takes windows of a domain to about the voice that its generator is given: see `Perturb`."""
    pitch, formants = _factors(domain, config)
    perturb = perturb_of(config)
    return functools.partial(perturb, pitch=1.0 / pitch, formants=1.0 / formants)


def _factors(domain: str, config: RunConfig) -> tuple[float, float]:
    method = config.method
    return (method.pitch, method.formants) if domain == "target" else (1.0 / method.pitch, 1.0 / method.formants)
