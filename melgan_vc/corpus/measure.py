"""What is known of an audio file before its features are made."""

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from melgan_vc.audio.channels import ChannelMeter, Mix
from melgan_vc.audio.files import AudioReader, Resampler
from melgan_vc.config.corpus import CorpusConfig
from melgan_vc.corpus.bandwidth import BandwidthMeter
from melgan_vc.corpus.clipping import ClippingMeter
from melgan_vc.corpus.silence import loud_stretches

BLOCK = 1 << 17
_ALONE = Mix((0,), (1.0,))
KEPT_WAVE_SECONDS = 300.0  # a longer file is decoded again rather than held in memory


@dataclass(frozen=True)
class Measures:
    """One audio file, measured.

    Attributes
    ----------
    rate, channels : int
        Of the file: Hz, and 1 for mono.
    seconds : float
        Length of the file.
    finite : bool
        Whether no sample is NaN or infinite; if one is, nothing below is known.
    clipped : float
        Share of clipped samples, 0 to 1.
    bandwidth_hz : float
        Highest frequency with sound in Hz.
    damaged : int
        Packets that could not be decoded and were left out.
    level_db : float or None
        Gated RMS level in dB of full scale of the mono mix at the features' sampling rate; None if silent.
    mix : tuple of float or None
        What the channels are weighed with in the mono mix; None is their mean.
    offset : float
        Mean of the mono mix where it is no accident, else 0; it is taken away.
    stretches : list of [int, int]
        First and one after the last sample of each stretch to train on, at the features' sampling rate.
    """

    rate: int
    channels: int
    seconds: float
    finite: bool = True
    clipped: float = 0.0
    bandwidth_hz: float = 0.0
    damaged: int = 0
    level_db: float | None = None
    mix: tuple[float, ...] | None = None
    offset: float = 0.0
    stretches: tuple[tuple[int, int], ...] = ()

    @property
    def samples(self) -> int:
        """Samples to train on, at the features' sampling rate."""
        return sum(stop - start for start, stop in self.stretches)

    def to_json(self) -> dict:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict) -> "Measures":
        """The inverse of `to_json`.

        Raises
        ------
        ValueError
            If it was called silent by what heard no inverted pair.
        """
        if "mix" not in values and values["level_db"] is None and values["channels"] > 1:
            raise ValueError("Expected measures of channels, received: those of their mean")
        stretches = tuple((start, stop) for start, stop in values["stretches"])
        return cls(**{**values, "stretches": stretches, "mix": values.get("mix") and tuple(values["mix"])})

    def mono(self, block: np.ndarray) -> np.ndarray:
        """The mono mix ``(samples,)`` of a block ``(samples, channels)``."""
        return block.mean(axis=1) if self.mix is None else block @ np.asarray(self.mix, block.dtype)


class _MonoMix:
    """What is measured of the mono mix at the features' sampling rate."""

    def __init__(self, source_rate: int, rate: int):
        self.rate = rate
        self.meter = ChannelMeter(rate, 1)
        self.samples = 0
        self._resampler = Resampler(source_rate, rate, channels=1)
        self._wave: list[np.ndarray] | None = []

    def update(self, mono: np.ndarray, *, last: bool = False) -> None:
        mono = self._resampler.process(mono[:, None], last=last)
        self.meter.update(mono)
        self.samples += len(mono)
        if self.samples > KEPT_WAVE_SECONDS * self.rate:
            self._wave = None
        if self._wave is not None:
            self._wave.append(mono[:, 0])

    def wave(self) -> np.ndarray | None:
        return None if self._wave is None else np.concatenate(self._wave)

    def stretches(self, corpus: CorpusConfig) -> tuple[tuple[int, int], ...]:
        if not corpus.trim_silence:
            return ((0, self.samples),)
        length = self.meter.frame_length
        found = loud_stretches(self.meter.powers(_ALONE), trim_db=corpus.trim_db, frame_seconds=length / self.rate)
        return tuple((int(a) * length, min(int(b) * length, self.samples)) for a, b in found)


def blocks_until(stop: threading.Event, reader: AudioReader) -> Iterator[np.ndarray]:
    """The blocks ``(samples, channels)`` of a reader; raises `CancelledError` once ``stop`` is set."""
    for block in reader.blocks(BLOCK):
        if stop.is_set():
            raise CancelledError
        yield block


def measure_file(
    path: Path, *, rate: int, corpus: CorpusConfig, stop: threading.Event
) -> tuple[Measures, np.ndarray | None]:
    """Measure a file in memory that does not grow with its length.

    Clipping is that of the file; level and silence are those of what the features will be made of, the mono mix at
    their sampling rate, which `ChannelMeter.mono` chooses. Where that is not the mean, the file is decoded twice.

    Parameters
    ----------
    path : Path
        The audio file.
    rate : int
        Sampling rate of the features in Hz.
    corpus : CorpusConfig
        How to trim silence.
    stop : threading.Event
        Raises `CancelledError` soon after it is set.

    Returns
    -------
    Measures
        What was found.
    np.ndarray or None
        The mono mix ``(samples,)`` at ``rate``, if it is no longer than five minutes.

    Raises
    ------
    AudioFileError
        If the file cannot be read.
    """
    with AudioReader(path, allow_nan=True) as reader:
        meter = ChannelMeter(reader.rate, reader.channels)
        clipping, bandwidth = ClippingMeter(), BandwidthMeter(reader.rate)
        mix, finite = _MonoMix(reader.rate, rate), True
        for block in blocks_until(stop, reader):
            mono = block.mean(axis=1)
            finite = bool(np.isfinite(mono).all())
            if not finite:
                break
            meter.update(block)
            clipping.update(block)
            bandwidth.update(mono)
            mix.update(mono)
    of_the_file = {
        "rate": reader.source_rate,
        "channels": reader.channels,
        "seconds": reader.frames_read / reader.source_rate,
        "damaged": reader.damaged,
    }
    if not finite:
        return Measures(**of_the_file, finite=False), None
    chosen = meter.mono()
    if not chosen.is_mean:
        bandwidth, mix = _measured_again(path, chosen, rate, stop)
    mix.update(np.zeros(0, np.float32), last=True)
    level_db = mix.meter.level_db(_ALONE)
    measures = Measures(
        **of_the_file,
        clipped=clipping.share,
        bandwidth_hz=bandwidth.bandwidth_hz(),
        level_db=level_db if np.isfinite(level_db) else None,
        mix=None if chosen.is_mean else chosen.weights,
        offset=float(mix.meter.offsets[0]),
        stretches=mix.stretches(corpus),
    )
    return measures, mix.wave()


def _measured_again(path: Path, chosen: Mix, rate: int, stop: threading.Event) -> tuple[BandwidthMeter, _MonoMix]:
    """A file whose mean says little of its channels: one that is inverted, say."""
    with AudioReader(path) as reader:
        bandwidth, mix = BandwidthMeter(reader.rate), _MonoMix(reader.rate, rate)
        for block in blocks_until(stop, reader):
            mono = chosen.of(block)
            bandwidth.update(mono)
            mix.update(mono)
    return bandwidth, mix
