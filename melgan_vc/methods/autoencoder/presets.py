"""The presets for autoencoders."""

from melgan_vc.config.networks import NetConfig
from melgan_vc.config.run import RunConfig
from melgan_vc.config.training import PlayerConfig
from melgan_vc.methods.autoencoder.config import AutoencoderConfig
from melgan_vc.methods.shared_presets import run_config

_PERTURBED = {"perturbation": 1.2, "equaliser_db": 6.0}


def voice() -> RunConfig:
    """A recogniser's content: needs the extra ``recognizer``."""
    return _of_voices("voice", AutoencoderConfig())


def student() -> RunConfig:
    """A network that learns to hear as the recogniser does: conversion then needs no extra."""
    return _of_voices("student", AutoencoderConfig(content="student", **_PERTURBED))


def bottleneck() -> RunConfig:
    """After AutoVC: an encoder that learns with the decoder, of few numbers."""
    return _of_voices("bottleneck", AutoencoderConfig(content="bottleneck", **_PERTURBED))


def adversarial() -> RunConfig:
    """After Chou et al. 2018: an encoder against a classifier of voices. Needs two voices or more."""
    method = AutoencoderConfig(
        content="adversarial", domains=("anna", "boris"), code=128, confusion_steps=10_000, **_PERTURBED
    )
    return _of_voices("adversarial", method)


def debug() -> RunConfig:
    """Tiny networks, no recogniser."""
    method = AutoencoderConfig(
        width=32,
        content="bottleneck",
        critic_from=0,
        code=8,
        style=8,
        decoder=NetConfig(architecture="convnext", channels=16),
        blocks=2,
        student=NetConfig(architecture="convnext", channels=16),
        student_blocks=2,
        look_ahead=3,
        critic=NetConfig(architecture="projection", channels=4),
    )
    return run_config("debug", method)


def _of_voices(name: str, method: AutoencoderConfig) -> RunConfig:
    # A critic that learns as slowly as the decoder is fooled by a blur.
    rates = {"decoder": (4e-4, 0.5), "critic": (1e-3, 0.5), "student": (5e-4, 0.9), "probe": (1e-3, 0.9)}
    players = {player: PlayerConfig(learning_rate=rate, beta_1=beta) for player, (rate, beta) in rates.items()}
    return run_config("voice", method, players=players, ema=0.998).model_copy(update={"preset": name})
