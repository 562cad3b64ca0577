"""A recording as another room and microphone would have made it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import scipy.signal

_REVERBERATION_SECONDS = (0.05, 0.5)
_DIRECT_DB = (0.0, 20.0)
_TILT = (-0.4, 0.4)
_NOISE_DB = (-65.0, -35.0)
_NOISE_COLOUR = (0.0, 0.95)


@dataclass(frozen=True)
class Room:
    """A room, a microphone and a noise floor.

    The reverberation is noise that decays exponentially (J.-D. Polack, "La transmission de l'énergie sonore dans les
    salles", 1988), cut off where it has decayed by 40 dB; the microphone is a filter ``1 + tilt z^-1``; the noise is
    white, through ``1 / (1 - colour z^-1)``.

    Attributes
    ----------
    response : np.ndarray
        From source to file, ``(taps,)``, float32; the sound itself comes first.
    noise_db : float
        Level of the noise in dB of full scale (RMS).
    colour : float
        0 for white noise; the nearer to 1 the deeper it is.
    seed : int
        Of the noise.
    """

    response: np.ndarray
    noise_db: float
    colour: float
    seed: int

    @classmethod
    def draw(cls, seed: int, *, rate: int) -> "Room":
        """The room of a seed, for waveforms of ``rate`` samples per second.

        Its reverberation time is 0.05 to 0.5 s, the sound itself is 0 to 20 dB above the reverberation, the noise at
        -65 to -35 dB of full scale.
        """
        draw = np.random.default_rng([seed, 7_000])
        decay = draw.uniform(*_REVERBERATION_SECONDS)
        times = np.arange(1, int(decay * rate * 40.0 / 60.0)) / rate
        tail = draw.standard_normal(len(times)) * 10.0 ** (-3.0 * times / decay)
        tail *= 10.0 ** (-draw.uniform(*_DIRECT_DB) / 20.0) / np.sqrt(np.sum(tail**2))
        tilt = draw.uniform(*_TILT)
        response = np.convolve(np.concatenate([[1.0], tail]), [1.0, tilt])
        response /= np.sqrt(np.sum(response**2))  # what comes in loud comes out about as loud
        return cls(response.astype(np.float32), draw.uniform(*_NOISE_DB), draw.uniform(*_NOISE_COLOUR), seed)

    def stream(self, blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """A waveform in pieces as it is in the room: pieces of the same lengths ``(samples,)``, float32.

        They are the same however the waveform is cut; what still sounds after its end is left out.
        """
        draw = np.random.default_rng([self.seed, 7_001])
        ringing = np.zeros(len(self.response) - 1, np.float32)
        level = 10.0 ** (self.noise_db / 20.0) * np.sqrt(1.0 - self.colour**2)
        state = np.zeros(1)
        for block in blocks:
            heard = scipy.signal.oaconvolve(block, self.response)
            heard[: len(ringing)] += ringing
            ringing = heard[len(block) :]
            white = draw.standard_normal(len(block))
            noise, state = scipy.signal.lfilter([level], [1.0, -self.colour], white, zi=state)
            yield (heard[: len(block)] + noise).astype(np.float32)
