"""The generator to a domain, with all that a method's config asks of it."""

import keras

from melgan_vc.config.run import RunConfig
from melgan_vc.methods.architectures import build
from melgan_vc.methods.voice_conditioning import shift_to


def build_generator(domain: str, config: RunConfig, *, sees_gaps: bool = True) -> keras.Model:
    """A generator as ``config.method.generator`` names it, which shifts and fills in where it is to.

    Parameters
    ----------
    domain : str
        What it translates to, which decides how it shifts a voice.
    config : RunConfig
        Of a method that shifts voices and fills in frames.
    sees_gaps : bool
        Whether it is ever given a window with `MISSING` frames, if the method takes any out.

    Returns
    -------
    keras.Model
        Maps ``(B, T, n_mels)`` in [-1, 1] to the same shape.
    """
    method, options = config.method, {}
    shift = shift_to(domain, config)
    if shift is not None:
        options["shift"] = shift
    # two_one_two has its mask in any case, as published.
    if sees_gaps and method.masked_frames and method.generator.architecture == "residual":
        options["mask"] = True
    return build("generator", method.generator, config.mel.n_mels, **options)
