"""Figures of spectrograms, runs and embeddings; each function returns a matplotlib ``Figure``."""

from melgan_vc.plot.log_mels import compare, spectrogram
from melgan_vc.plot.run_curves import curves
from melgan_vc.plot.vectors import embedding

__all__ = ["compare", "curves", "embedding", "spectrogram"]
