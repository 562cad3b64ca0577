"""The waveform that a Fourier vocoder edits: few iterations of Griffin-Lim, the same in training and conversion."""

from melgan_vc.devices import has_gpu
from melgan_vc.mel_config import MelConfig
from melgan_vc.vocoders.griffin_lim import GriffinLim


def starting_vocoder(mel: MelConfig, iterations: int) -> GriffinLim:
    """What gives a log-mel its starting waveform."""
    return GriffinLim(mel, iterations=iterations, mel_iterations=40, on_accelerator=has_gpu())
