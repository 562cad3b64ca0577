"""From a network's config to the network."""

from collections.abc import Callable
from contextlib import contextmanager

import keras

from melgan_vc.errors import MelganVcError, did_you_mean
from melgan_vc.method_config import NetConfig
from melgan_vc.nets.adaptive_generator import adaptive_generator
from melgan_vc.nets.domain_critics import domain_classifier, projection_critic, shared_critic
from melgan_vc.nets.fourier_vocoder import fourier_vocoder
from melgan_vc.nets.gated_patch_critic import gated_patch_critic
from melgan_vc.nets.paper import paper_critic, paper_generator, paper_siamese
from melgan_vc.nets.patch_critic import patch_critic, two_scale_critic
from melgan_vc.nets.residual_generator import residual_generator
from melgan_vc.nets.siamese import siamese
from melgan_vc.nets.two_one_two_generator import two_one_two_generator
from melgan_vc.nets.upsampling_vocoder import upsampling_vocoder

GENERATORS = {
    "residual": residual_generator,
    "two_one_two": two_one_two_generator,
    "paper": paper_generator,
}
SIAMESES = {"strided": siamese, "paper": paper_siamese}
CRITICS = {
    "patch": patch_critic,
    "two_scale": two_scale_critic,
    "gated_patch": gated_patch_critic,
    "paper": paper_critic,
}

STYLED_GENERATORS = {"adaptive": adaptive_generator}
"""Those that are told a style."""
DOMAIN_CRITICS = {"projection": projection_critic, "patch": shared_critic}
"""Those that are told a domain."""
CLASSIFIERS = {"strided": domain_classifier}

VOCODERS = {"fourier": fourier_vocoder, "upsampling": upsampling_vocoder}
"""Those that make waveforms."""

STRIDES = {"residual": 1, "two_one_two": 4, "paper": 4, "adaptive": 1}
"""Total stride of each generator in frames."""


def build(kind: str, known: dict[str, Callable], net: NetConfig, *options, **keywords) -> keras.Model:
    """Build the architecture that ``net`` names, with its width.

    Raises
    ------
    MelganVcError
        If there is no such architecture; the message lists those there are.
    """
    if net.architecture not in known:
        raise MelganVcError(
            f"Expected method.{kind}.architecture among {', '.join(known)}, received: {net.architecture!r}"
            + did_you_mean(net.architecture, known)
        )
    return known[net.architecture](*options, channels=net.channels, **keywords)


@contextmanager
def precision(mixed: bool):
    """Layers built inside compute in bfloat16 if ``mixed``; their weights are float32 either way."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if mixed else "float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
