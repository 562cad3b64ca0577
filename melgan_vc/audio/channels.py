"""What the channels of a sound have to do with each other, and how to make one of those that tell the same."""

from typing import NamedTuple

import numpy as np
import scipy.fft

from melgan_vc.audio.loudness import FRAME_SECONDS, gated_level

SAME_COHERENCE = 0.3
"""Channels that are more coherent than this tell the same: a mix of music does, two people before two microphones
do not."""

LEAST_OFFSET = 1e-3
"""A mean of samples beyond it (-60 dB) may be an offset, as cheap sound cards add one."""

_OFFSET_SHARE = 0.01  # of the power: less is an accident, and does no harm
_FEWEST_SPECTRA = 8  # to believe in a coherence

_SPECTRUM_SECONDS = 0.046
_LOWEST_HZ = 30.0
_IN_PHASE = 0.75


class Mix(NamedTuple):
    """One sound of several channels.

    Attributes
    ----------
    channels : tuple of int
        Those that tell the same.
    weights : tuple of float
        What each of them is weighed with.
    """

    channels: tuple[int, ...]
    weights: tuple[float, ...]

    @property
    def is_mean(self) -> bool:
        """Whether all of its channels are weighed alike."""
        return len(set(self.weights)) == 1

    def of(self, block: np.ndarray) -> np.ndarray:
        """The mix ``(samples,)`` of a block ``(samples, all channels)``."""
        if self.is_mean and len(self.channels) == block.shape[1]:
            return block.mean(axis=1)
        return block[:, list(self.channels)] @ np.asarray(self.weights, block.dtype)


class ChannelMeter:
    """Streaming measure of channels: offset, level, and whether they tell the same.

    It depends on nothing but the sound, neither on blocks nor on the channels' layout: a voice has the same level and
    the same pitch in one channel of six, in both with one inverted, or as two microphones heard it.

    Parameters
    ----------
    rate : int
        Sampling rate in Hz.
    channels : int
        Channels of every block.

    Attributes
    ----------
    identical : bool
        Whether all channels are the same so far, to the bit.
    samples : int
        So far, of each channel.
    """

    def __init__(self, rate: int, channels: int):
        self.rate, self.channels = rate, channels
        self.frame_length = max(1, round(rate * FRAME_SECONDS))
        self.identical, self.samples = True, 0
        self._moments: list[np.ndarray] = []
        self._means: list[np.ndarray] = []
        self._n_fft = 2 ** int(np.ceil(np.log2(max(rate * _SPECTRUM_SECONDS, 2.0))))
        self._window = np.hanning(self._n_fft)[:, None].astype(np.float32)
        self._cross = np.zeros((self._n_fft // 2 + 1, channels, channels), np.complex128)
        self._spectra = 0
        self._pending = np.zeros((0, channels), np.float32)
        self._unheard = np.zeros((0, channels), np.float32)

    def update(self, block: np.ndarray) -> None:
        """Take the next piece ``(samples, channels)``, float32."""
        self.samples += len(block)
        self.identical &= bool((block == block[:, :1]).all())
        frames, self._pending = _framed(self._pending, block, self.frame_length)
        if len(frames):
            self._add(frames)
        if self.channels > 1:
            frames, self._unheard = _framed(self._unheard, block, self._n_fft)
            if len(frames):
                spectrum = scipy.fft.rfft(frames * self._window, axis=1).transpose(1, 2, 0)
                self._cross += spectrum @ spectrum.conj().transpose(0, 2, 1)
                self._spectra += len(frames)

    def _add(self, frames: np.ndarray) -> None:
        """Take whole frames ``(T, samples, channels)``."""
        exact = frames.astype(np.float64)
        self._moments.append(exact.transpose(0, 2, 1) @ exact / frames.shape[1])
        self._means.append(exact.mean(axis=1))

    @property
    def offsets(self) -> np.ndarray:
        """Mean of the samples of each channel ``(channels,)`` where that is an offset, else 0."""
        moments, means, weights = self._frames()
        if not len(means):
            return np.zeros(self.channels)
        mean = np.average(means, axis=0, weights=weights)
        power = np.diag(np.average(moments, axis=0, weights=weights))
        return np.where((np.abs(mean) > LEAST_OFFSET) & (mean**2 > _OFFSET_SHARE * power), mean, 0.0)

    def powers(self, mix: Mix) -> np.ndarray:
        """Mean power of every 50 ms of a mix, without offsets: ``(frames,)``, float64."""
        moments, means, _ = self._frames()
        chosen, weights = list(mix.channels), np.asarray(mix.weights)
        offset = float(self.offsets[chosen] @ weights)
        power = weights @ moments[:, chosen][:, :, chosen] @ weights
        return np.maximum(power - 2.0 * offset * (means[:, chosen] @ weights) + offset**2, 0.0) if offset else power

    def level_db(self, mix: Mix) -> float:
        """Gated level of a mix in dB of full scale, see `gated_level`."""
        return gated_level(self.powers(mix), self.lengths)

    @property
    def covariance(self) -> np.ndarray:
        """Of the channels ``(channels, channels)``, over the whole sound, without offsets."""
        moments, means, weights = self._frames()
        if not len(moments):
            return np.zeros((self.channels, self.channels))
        offsets, mean = self.offsets, np.average(means, axis=0, weights=weights)
        crossed = np.outer(offsets, mean)
        return np.average(moments, axis=0, weights=weights) - crossed - crossed.T + np.outer(offsets, offsets)

    def mixes(self) -> list[Mix]:
        """The sounds that the channels tell, each as the mix of those that tell it; silent ones are no sound.

        Channels that tell the same are averaged, unless that would take the sound away: where they are inverted, or
        as two microphones at a distance hear it, the loudest stands for all.
        """
        if self.identical or self.channels == 1:
            return [_average(range(self.channels))]
        power = np.diag(self.covariance)
        groups: list[list[int]] = []
        for channel in np.argsort(-power, kind="stable"):
            if power[channel] == 0.0:
                continue
            same = (group for group in groups if self._coherence(group[0], channel) >= SAME_COHERENCE)
            group = next(same, None)
            if group is None:
                groups.append([int(channel)])
            else:
                group.append(int(channel))
        return [self._mix(group) for group in groups]

    def mono(self) -> Mix:
        """One sound of all channels: their mean, unless that would take away what they have in common."""
        every = _average(range(self.channels))
        mixes = [] if self.identical or self._in_phase(every.channels) else self.mixes()
        if not mixes:
            return every
        loudest = dict(zip(mixes[0].channels, mixes[0].weights, strict=True))
        return Mix(every.channels, tuple(loudest.get(channel, 0.0) for channel in every.channels))

    def _mix(self, group: list[int]) -> Mix:
        """Of channels that tell the same, the loudest first."""
        loudest, channels = group[0], tuple(sorted(group))
        if self._in_phase(channels):
            return _average(channels)
        return Mix(channels, tuple(float(channel == loudest) for channel in channels))

    def _in_phase(self, channels: tuple[int, ...]) -> bool:
        """Whether the average of channels keeps what they have in common: a delay or a sign would take it away."""
        if self._spectra < _FEWEST_SPECTRA:
            covariance = self.covariance[np.ix_(channels, channels)]
            return bool(covariance.sum() >= 0.5 * np.trace(covariance))
        cross = self._heard_cross()[:, channels][:, :, channels]
        return bool(cross.real.sum() >= _IN_PHASE * np.abs(cross).sum())

    def _coherence(self, one: int, other: int) -> float:
        """How far two channels are the same but for filters: 0 to 1, weighed by power over the spectrum."""
        cross = self._heard_cross()
        both = np.sqrt(cross[:, one, one].real * cross[:, other, other].real)
        return float(np.abs(cross[:, one, other]).sum() / max(both.sum(), 1e-30))

    def _heard_cross(self) -> np.ndarray:
        """Cross spectra without what is below 30 Hz, offsets above all."""
        return self._cross[max(1, int(np.ceil(_LOWEST_HZ * self._n_fft / self.rate))) :]

    @property
    def lengths(self) -> np.ndarray:
        """Samples of each 50 ms of `powers` ``(frames,)``: the last may be a shorter rest."""
        return self._frames()[2]

    def _frames(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Second and first moments of all frames so far, and their lengths; the last may be a shorter rest."""
        moments, means = list(self._moments), list(self._means)
        lengths = np.full(sum(map(len, moments)) + (len(self._pending) > 0), float(self.frame_length))
        if len(self._pending):
            exact = self._pending.astype(np.float64)
            moments.append((exact.T @ exact / len(exact))[None])
            means.append(exact.mean(axis=0)[None])
            lengths[-1] = len(exact)
        if not moments:
            return np.zeros((0, self.channels, self.channels)), np.zeros((0, self.channels)), lengths
        return np.concatenate(moments), np.concatenate(means), lengths


def _framed(pending: np.ndarray, block: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole frames ``(T, length, channels)`` of what was left and what is new, and what is left then."""
    samples = np.concatenate([pending, block])
    whole = len(samples) - len(samples) % length
    return samples[:whole].reshape(-1, length, block.shape[1]), samples[whole:].copy()


def _average(channels) -> Mix:
    channels = tuple(channels)
    return Mix(channels, (1.0 / len(channels),) * len(channels))


def mono_mix(wave: np.ndarray, rate: int) -> np.ndarray:
    """One sound ``(samples,)`` of a waveform ``(samples, channels)``, as `ChannelMeter.mono` chooses it."""
    if wave.shape[1] == 1:
        return wave[:, 0]
    meter = ChannelMeter(rate, wave.shape[1])
    meter.update(wave)
    return meter.mono().of(wave)
