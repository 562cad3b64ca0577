"""Pictures of log-mel spectrograms."""

import io

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from melgan_vc.audio.channels import mono_mix
from melgan_vc.audio.mel import hz_to_mel, log_mel
from melgan_vc.audio.rates import whole_rate
from melgan_vc.audio.resample import Resampler
from melgan_vc.config.mel import MelConfig
from melgan_vc.terminal.printable import printable

_RANGE_DB = 70.0
_LARGEST_CHANGE_DB = 30.0
_TICKS_HZ = (200, 500, 1000, 2000, 4000, 8000, 16000)


def spectrogram(
    sound: np.ndarray, config: MelConfig | None = None, *, rate: int | None = None, title: str | None = None
) -> Figure:
    """Draw one log-mel spectrogram.

    Parameters
    ----------
    sound : np.ndarray
        A log-mel ``(T, n_mels)`` in [-1, 1]; or, with ``rate``, a waveform ``(samples,)`` or ``(samples, channels)``,
        whose channels are averaged.
    config : MelConfig, optional
        The settings of the log-mel; those of preset ``voice`` if none are given.
    rate : int, optional
        Sampling rate of a waveform in Hz.
    title : str, optional
        Above the picture.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a log-mel has another number of bands than ``config``.

    Examples
    --------
    >>> wave = np.sin(2 * np.pi * 440 * np.arange(16000) / 16000)
    >>> spectrogram(wave, rate=16000, title="A sine of 440 Hz").axes[0].get_xlabel()
    'seconds'
    """
    config = config or MelConfig()
    return _figure({title or "": _as_log_mel(sound, config, rate)}, config)


def compare(
    source: np.ndarray,
    converted: np.ndarray,
    config: MelConfig | None = None,
    *,
    rate: int | None = None,
    title: str | None = None,
) -> Figure:
    """Draw source, converted, and by how many decibels the one became the other.

    Parameters
    ----------
    source, converted : np.ndarray
        Two log-mels or, with ``rate``, two waveforms, as in `spectrogram`.
    config : MelConfig, optional
        The settings of the log-mels; those of preset ``voice`` if none are given.
    rate : int, optional
        Sampling rate of waveforms in Hz.
    title : str, optional
        Above all three.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a log-mel has another number of bands than ``config``.

    Examples
    --------
    >>> quiet = 0.1 * np.random.default_rng(0).standard_normal(16000)
    >>> figure = compare(quiet, 2 * quiet, rate=16000)
    >>> [axis.get_title(loc="left") for axis in figure.axes[:3]]
    ['source', 'converted', 'converted - source']
    """
    config = config or MelConfig()
    mels = {"source": _as_log_mel(source, config, rate), "converted": _as_log_mel(converted, config, rate)}
    figure = _figure(mels, config, title=title, extra_rows=1)
    axis = figure.axes[2]
    frames = min(map(len, mels.values()))
    before, after = (_audible(mel[:frames], config) for mel in mels.values())
    picture = _show(axis, after - before, config, cmap="RdBu_r", vmin=-_LARGEST_CHANGE_DB, vmax=_LARGEST_CHANGE_DB)
    axis.set_title("converted - source", loc="left", fontsize=10)
    figure.colorbar(picture, ax=axis, label="dB", aspect=15)
    return figure


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
    png = io.BytesIO()
    _figure(mels, config, title=title).savefig(png, format="png")
    return png.getvalue()


def _figure(
    mels: dict[str, np.ndarray], config: MelConfig, *, title: str | None = None, extra_rows: int = 0
) -> Figure:
    """Named log-mels on the same axes and colours, above rows that are still empty."""
    longest, rows = max(len(mel) for mel in mels.values()), len(mels) + extra_rows
    figure = Figure(figsize=(min(14.0, max(6.0, longest / 60)), 2.4 * rows), dpi=100, layout="constrained")
    axes = figure.subplots(rows, 1, sharex=True, squeeze=False)[:, 0]
    decibels = {name: _decibels(mel, config) for name, mel in mels.items()}
    loudest = max(max(float(mel.max()) for mel in decibels.values()), config.floor_db + 20.0)
    quietest = max(config.floor_db, loudest - _RANGE_DB)
    for axis, (name, mel) in zip(axes, decibels.items(), strict=False):
        picture = _show(axis, mel, config, cmap="magma", vmin=quietest, vmax=loudest)
        axis.set_title(printable(name), loc="left", fontsize=10, parse_math=False)
    axes[-1].set_xlabel("seconds")
    figure.colorbar(picture, ax=list(axes[: len(mels)]), label="dB", aspect=20 * len(mels))
    if title:
        figure.suptitle(printable(title), parse_math=False)
    return figure


def _show(axis: Axes, decibels: np.ndarray, config: MelConfig, **colours):
    """Draw ``(T, n_mels)`` with seconds below and hertz at the side."""
    extent = (0, len(decibels) / config.frames_per_second, -0.5, config.n_mels - 0.5)
    picture = axis.imshow(decibels.T, origin="lower", aspect="auto", extent=extent, **colours)
    axis.set_yticks(*_frequency_ticks(config))
    axis.set_ylabel("Hz")
    return picture


def _as_log_mel(sound: np.ndarray, config: MelConfig, rate: int | None) -> np.ndarray:
    """A log-mel as it is, or that of a waveform."""
    sound = np.asarray(sound)
    if rate is None:
        if sound.ndim != 2 or sound.shape[1] != config.n_mels:
            raise ValueError(
                f"Expected a log-mel of shape (frames, {config.n_mels}), received: shape {sound.shape}. "
                "For a waveform, pass its rate; for other bands, their MelConfig."
            )
        return sound
    rate = whole_rate(rate)
    mono = mono_mix(sound, rate) if sound.ndim == 2 else sound
    return log_mel(Resampler(rate, config.rate, 1).process(mono[:, None], last=True)[:, 0], config)


def _audible(mel: np.ndarray, config: MelConfig) -> np.ndarray:
    """Decibels, with all that is too quiet to be drawn at one level: its changes are not heard."""
    decibels = _decibels(mel, config)
    return np.maximum(decibels, decibels.max() - _RANGE_DB)


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
