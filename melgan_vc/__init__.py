"""Unpaired audio style transfer with spectrogram GANs."""

__version__ = "0.1.0"
