"""Pictures of log-mel spectrograms."""

import io

import numpy as np

from melgan_vc.audio.mel import hz_to_mel
from melgan_vc.mel_config import MelConfig

_RANGE_DB = 70.0
_TICKS_HZ = (200, 500, 1000, 2000, 4000, 8000, 16000)


def spectrograms_png(mels: dict[str, np.ndarray], config: MelConfig, *, title: str | None = None) -> bytes:
    """Draw named log-mels one below the other, on the same axes and colours.

    Parameters
    ----------
    mels : dict of str to np.ndarray
        Each ``(T, n_mels)`` in [-1, 1].
    config : MelConfig
        Their settings: time and frequency axes, decibels.
    title : str, optional
        Above all of them.

    Returns
    -------
    bytes
        A PNG file.
    """
    from matplotlib.figure import Figure

    longest = max(len(mel) for mel in mels.values())
    figure = Figure(figsize=(min(14.0, max(6.0, longest / 60)), 2.4 * len(mels)), dpi=100, layout="constrained")
    axes = figure.subplots(len(mels), 1, sharex=True, squeeze=False)[:, 0]
    decibels = {name: _decibels(mel, config) for name, mel in mels.items()}
    loudest = max(max(float(mel.max()) for mel in decibels.values()), config.floor_db + 20.0)
    rows, labels = _frequency_ticks(config)
    for axis, (name, mel) in zip(axes, decibels.items(), strict=True):
        picture = axis.imshow(
            mel.T,
            origin="lower",
            aspect="auto",
            cmap="magma",
            vmin=max(config.floor_db, loudest - _RANGE_DB),
            vmax=loudest,
            extent=(0, len(mel) / config.frames_per_second, -0.5, config.n_mels - 0.5),
        )
        axis.set_yticks(rows, labels)
        axis.set_ylabel("Hz")
        axis.set_title(name, loc="left", fontsize=10)
    axes[-1].set_xlabel("seconds")
    figure.colorbar(picture, ax=list(axes), label="dB", aspect=40)
    if title:
        figure.suptitle(title)
    png = io.BytesIO()
    figure.savefig(png, format="png")
    return png.getvalue()


def _decibels(mel: np.ndarray, config: MelConfig) -> np.ndarray:
    """Log-mel in [-1, 1] to decibels of a full-scale sine."""
    return (mel + 1.0) / 2.0 * (config.ceiling_db - config.floor_db) + config.floor_db


def _frequency_ticks(config: MelConfig) -> tuple[list[float], list[str]]:
    """Rows of round frequencies within the filterbank, and their labels."""
    low, high = hz_to_mel(np.array([config.fmin, config.fmax]), mel_scale=config.mel_scale)
    inside = [hz for hz in _TICKS_HZ if config.fmin <= hz <= config.fmax]
    mels = hz_to_mel(np.array(inside, float), mel_scale=config.mel_scale)
    # Row r is the filter whose peak lies at (r + 1) of n_mels + 1 equal steps.
    rows = (mels - low) / (high - low) * (config.n_mels + 1) - 1
    return list(rows), [f"{hz // 1000}k" if hz >= 1000 else str(hz) for hz in inside]
