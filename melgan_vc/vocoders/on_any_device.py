"""Griffin-Lim where it is fastest: on the GPU where there is one."""

from melgan_vc.devices import has_gpu
from melgan_vc.mel_config import MelConfig
from melgan_vc.vocoders.griffin_lim import GriffinLim


def griffin_lim_on_any_device(mel: MelConfig, *, iterations: int = 32) -> GriffinLim:
    """Griffin-Lim on the GPU that Keras's engine computes on, else on the processor.

    What a Fourier vocoder edits comes from here in training and conversion alike.
    """
    return GriffinLim(mel, iterations=iterations, on_accelerator=has_gpu())
