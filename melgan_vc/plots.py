"""Pictures of log-mel spectrograms."""

import io

import numpy as np

from melgan_vc.mel_config import MelConfig


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

    from melgan_vc.audio.mel import hz_to_mel, mel_to_hz

    longest = max(len(mel) for mel in mels.values())
    figure = Figure(
        figsize=(min(14.0, max(6.0, longest / 60)), 2.4 * len(mels)), dpi=100, layout="constrained"
    )
    axes = figure.subplots(len(mels), 1, sharex=True, squeeze=False)[:, 0]
    span = hz_to_mel(np.array([config.fmin, config.fmax]), mel_scale=config.mel_scale)
    rows = np.linspace(0, config.n_mels - 1, 5)
    hertz = mel_to_hz(
        span[0] + (rows + 1) / (config.n_mels + 1) * (span[1] - span[0]), mel_scale=config.mel_scale
    )
    for axis, (name, mel) in zip(axes, mels.items(), strict=True):
        decibels = (mel.T + 1.0) / 2.0 * (config.ceiling_db - config.floor_db) + config.floor_db
        picture = axis.imshow(
            decibels,
            origin="lower",
            aspect="auto",
            cmap="magma",
            vmin=config.floor_db,
            vmax=config.ceiling_db,
            extent=(0, len(mel) / config.frames_per_second, -0.5, config.n_mels - 0.5),
        )
        axis.set_yticks(rows, [f"{value:.0f}" for value in hertz])
        axis.set_ylabel("Hz")
        axis.set_title(name, loc="left", fontsize=10)
    axes[-1].set_xlabel("seconds")
    figure.colorbar(picture, ax=list(axes), label="dB", aspect=40)
    if title:
        figure.suptitle(title)
    png = io.BytesIO()
    figure.savefig(png, format="png")
    return png.getvalue()
