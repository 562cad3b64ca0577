"""What a first pass over sound finds, so that the second can stream."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from melgan_vc.audio.channels import ChannelMeter, Mix
from melgan_vc.audio.loudness import gain, gated_level
from melgan_vc.audio.mel import log_mel
from melgan_vc.audio.resample import Resampler
from melgan_vc.audio.sounding import SoundingPart
from melgan_vc.methods.conversion import Conversion, Heard

_HEARD_SECONDS = 30.0


@dataclass(frozen=True)
class Part:
    """Channels that tell the same, and are converted once.

    Attributes
    ----------
    channels : tuple of int
        Those that get the result.
    mix : Mix
        The sound that is converted.
    gain : float
        Factor that brings it to the level that the model was trained at.
    level_db : float
        Gated level of the channels' summed power in dB of full scale.
    covariance : np.ndarray
        Of the mix's channels.
    prepared : object
        What the model made of it, where it wants to hear that first; see `Conversion.prepare`.
    """

    channels: tuple[int, ...]
    mix: Mix
    gain: float
    level_db: float
    covariance: np.ndarray
    prepared: Any = None


@dataclass(frozen=True)
class FirstPass:
    """Of a whole sound.

    Attributes
    ----------
    frames, channels : int
        Length in samples, and channels.
    offsets : np.ndarray
        Shape ``(channels,)``: what is taken from every sample of a channel.
    parts : tuple of Part
        What is converted; channels of none are silent.
    """

    frames: int
    channels: int
    offsets: np.ndarray
    parts: tuple[Part, ...]

    def doubts(self, model: Conversion) -> tuple[str, ...]:
        """What a model doubts of all parts, see `Conversion.doubt`; a part that is well is enough."""
        told = [model.doubt(part.prepared) for part in self.parts if part.prepared is not None]
        return (told[0],) if told and all(told) else ()


def first_pass(blocks: Iterable[np.ndarray], rate: int, model: Conversion) -> FirstPass:
    """Find out about blocks ``(samples, channels)`` what has to be known before they are converted."""
    meter: ChannelMeter | None = None
    heard = SoundingPart(rate, _HEARD_SECONDS)
    for block in blocks:
        if meter is None:
            meter = ChannelMeter(rate, block.shape[1])
        meter.update(block)
        if model.prepares:
            heard.update(block)
    beginning = heard.wave() - meter.offsets.astype(np.float32) if model.prepares else None
    if meter.identical:
        every, alone = tuple(range(meter.channels)), Mix((0,), (1.0,))
        parts = [_part(every, alone, meter, beginning, model)]
    else:
        parts = [_part(mix.channels, mix, meter, beginning, model) for mix in meter.mixes()]
    return FirstPass(meter.samples, meter.channels, meter.offsets.astype(np.float32), tuple(parts))


def _part(
    channels: tuple[int, ...], mix: Mix, meter: ChannelMeter, beginning: np.ndarray | None, model: Conversion
) -> Part:
    wanted = model.config.corpus.level_db
    factor = 1.0 if wanted is None else gain(meter.level_db(mix), wanted)
    power = sum(meter.powers(Mix((channel,), (1.0,))) for channel in mix.channels)
    covariance = meter.covariance[np.ix_(mix.channels, mix.channels)]
    prepared = None
    if beginning is not None:
        prepared = _prepared(mix.of(beginning) * np.float32(factor), meter.rate, model)
    return Part(channels, mix, factor, gated_level(power, meter.lengths), covariance, prepared)


def _prepared(wave: np.ndarray, rate: int, model: Conversion) -> Any:
    """What the model makes of the sounding part of a file, at any rate."""
    mel = model.config.mel
    wave = Resampler(rate, mel.rate, 1).process(wave.astype(np.float32)[:, None], last=True)[:, 0]
    return model.prepare(Heard(wave, log_mel(wave, mel)))
