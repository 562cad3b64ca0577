"""Whether one hears where conversion cut the file into chunks."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import soxr

from melgan_vc.audio.chunks import CHUNK_FRAMES
from melgan_vc.audio.mel import log_mel
from melgan_vc.config.mel import MelConfig
from melgan_vc.errors import MelganVcError
from melgan_vc.evaluate.metrics.metric import Clip, Column, Metric


class Seams(Metric):
    """Spectral flux of the conversion at the borders of its chunks, relative to the flux elsewhere.

    Flux is the mean absolute change of the log-mel from one frame to the next. Without a seam a border is a place
    like any other, and the mean over many clips is 1. One clip has few borders, so a note that begins at one counts
    for much: half-minute clips of jazz without a seam, in chunks of 12 s, have a standard deviation of 0.5. The
    source has that note as well, so the score over the source's own is steadier: after copy synthesis it is 0.97
    (standard deviation 0.04), with a step of 3 dB at each border 1.04, of 6 dB 1.17.

    Parameters
    ----------
    config : MelConfig
        The log-mel that was converted.
    chunk_frames : int
        Frames from one border to the next, as in `melgan_vc.audio.chunks.translate_in_chunks`. The first chunk begins
        with the clip.

    Raises
    ------
    MelganVcError
        If chunks are shorter than what a window blurs.
    """

    columns: ClassVar[tuple[Column, ...]] = (
        Column("seam_score", "spectral change at chunk borders relative to elsewhere", "one"),
        Column("seam_over_source", "that, relative to the same of the source", "one"),
    )

    def __init__(self, config: MelConfig, *, chunk_frames: int = CHUNK_FRAMES):
        # Half a window: a border that has become sound shows in frames that far away.
        self._reach = -(-config.n_fft // (2 * config.hop_length))
        if chunk_frames <= 2 * self._reach + 1:
            raise MelganVcError(
                f"Expected chunks of more than {2 * self._reach + 1} frames, received: chunk_frames={chunk_frames}; "
                f"a window of {config.n_fft} samples would blur one border into the next"
            )
        self._config = config
        self._chunk_frames = chunk_frames

    def measure(self, clip: Clip) -> Mapping[str, float]:
        converted, source = self._score(clip.converted, clip.rate), self._score(clip.source, clip.rate)
        return {"seam_score": converted, "seam_over_source": converted / source if source > 0 else float("nan")}

    def _score(self, wave: np.ndarray, rate: int) -> float:
        """Flux at the borders over flux elsewhere; NaN for a clip of one chunk, or of silence."""
        wave = soxr.resample(np.asarray(wave, np.float32), rate, self._config.rate)
        flux = np.abs(np.diff(log_mel(wave, self._config), axis=0)).mean(axis=1)
        border = self._at_borders(len(flux))
        if not border.any() or not flux[~border].any():
            return float("nan")
        return float(flux[border].mean() / flux[~border].mean())

    def _at_borders(self, changes: int) -> np.ndarray:
        """Which changes, from frame ``t - 1`` to ``t``, are within reach of a border: ``(changes,)`` bool."""
        frames = np.arange(1, changes + 1)
        nearest = np.round(frames / self._chunk_frames) * self._chunk_frames
        return (nearest > 0) & (nearest <= changes) & (np.abs(frames - nearest) <= self._reach)
