"""Sound of any channels through a model, and given the image and the level that it had."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from melgan_vc.audio.blocks import exactly, in_rows
from melgan_vc.audio.chunks import ChunkedPass, Reach
from melgan_vc.audio.limiter import limited
from melgan_vc.audio.resample import Resampler, resampled_length
from melgan_vc.convert.first_pass import FirstPass, Part
from melgan_vc.convert.image import CORRELATION_REACH, IMAGE_REACH, as_correlated, with_image
from melgan_vc.convert.level import LEVEL_REACH, applied, level_gains
from melgan_vc.features.table import stream_frames
from melgan_vc.methods.conversion import Conversion
from melgan_vc.vocoders.base import Vocoder

_CHUNK = 256  # frames that get their image and level together

Source = Callable[[], Iterator[np.ndarray]]
"""Gives the blocks ``(samples, channels)`` of a sound, anew each time, at the model's rate."""


def convert_sound(
    source: Source, found: FirstPass, rate: int, *, model: Conversion, vocoder: Vocoder
) -> Iterator[np.ndarray]:
    """Convert a sound in constant memory.

    What comes out is as loud as what came in, moment by moment, and in its pauses no louder. Channels that tell the
    same are converted once, others apart; all get the source's levels and correlations back.

    Parameters
    ----------
    source : callable
        See `Source`; called once for each part, and once more where there are several.
    found : FirstPass
        What a first pass over the same sound found.
    rate : int
        The rate of the result in Hz.
    model : Conversion
        The trained run, in one of its directions.
    vocoder : Vocoder
        Inverts log-mels of the model's settings.

    Yields
    ------
    np.ndarray
        Pieces ``(samples, channels)``, float32, in [-1, 1]; ``found.frames`` samples in all.
    """
    mel, samples = model.config.mel, resampled_length(found.frames, rate, model.config.mel.rate)
    parts = [_converted(source(), part, found, samples, model, vocoder) for part in found.parts]
    made = _joined(parts, found, samples)
    if len(parts) > 1:
        made = _as_correlated(source(), made, found, samples, mel.hop_length)
    restored = at_rate(made, mel.rate, rate, found.channels)
    yield from limited(restored, rate, samples=found.frames, channels=found.channels)


def _converted(
    blocks: Iterator[np.ndarray], part: Part, found: FirstPass, samples: int, model: Conversion, vocoder: Vocoder
) -> Iterator[np.ndarray]:
    """One part ``(samples, channels of the mix)`` at the model's rate."""
    mel, channels = model.config.mel, len(part.mix.channels)
    originals: deque[np.ndarray] = deque()

    def levelled() -> Iterator[np.ndarray]:
        for block in blocks:
            centred = block - found.offsets
            originals.append(centred[:, part.mix.channels])
            yield part.mix.of(centred) * np.float32(part.gain)

    converted = model.in_chunks(part.prepared).stream(stream_frames(levelled(), mel, model.features))
    made = _as_the_source(originals, vocoder.stream(converted), part, mel.hop_length)
    return exactly(made, samples, channels)


def _as_the_source(
    originals: deque[np.ndarray], made: Iterable[np.ndarray], part: Part, hop: int
) -> Iterator[np.ndarray]:
    """Give what was made ``(samples,)`` the image and the level of its source ``(samples, channels)``.

    What was made of a block of the source comes later than the block, which waits in ``originals``.
    """
    weights = np.asarray(part.mix.weights)

    def run(frames: np.ndarray) -> np.ndarray:
        sound = frames[0, :, :hop].reshape(-1)
        original = frames[0, :, hop:].reshape(len(sound), len(weights))
        channels = sound[:, None]
        if len(weights) > 1:
            channels = with_image(original, sound, weights, part.covariance, hop)
        powers = (np.square(each, dtype=np.float64).reshape(-1, hop * len(weights)) for each in (original, channels))
        heard, own = (power.mean(axis=1) * len(weights) for power in powers)
        gains = level_gains(heard, own, level_db=part.level_db, usual=1.0 / part.gain)
        return (channels * applied(gains, hop)[:, None])[None]

    reach = LEVEL_REACH + (IMAGE_REACH if len(weights) > 1 else 0)
    silence = np.zeros(hop * (1 + len(weights)), np.float32)
    chunked = ChunkedPass(run, reach=Reach(reach, reach), silence=silence, chunk=_CHUNK, rows=hop, same_length=False)
    return chunked.stream(_beside(originals, made, hop, len(weights)))


def _beside(
    originals: deque[np.ndarray], made: Iterable[np.ndarray], hop: int, channels: int
) -> Iterator[np.ndarray]:
    """Frames ``(T, hop * (1 + channels))``: a hop of what was made, and of its source, or silence after it."""
    waiting = np.zeros((0, channels), np.float32)
    for block in made:
        while len(waiting) < len(block):
            after = np.zeros((len(block) - len(waiting), channels), np.float32)
            waiting = np.concatenate([waiting, originals.popleft() if originals else after])
        rows = len(block) // hop
        beside = waiting[: len(block)].reshape(rows, hop * channels)
        yield np.concatenate([block.reshape(rows, hop), beside], axis=1)
        waiting = waiting[len(block) :]


def at_rate(blocks: Iterable[np.ndarray], rate: int, wanted: int, channels: int) -> Iterator[np.ndarray]:
    """Blocks ``(samples, channels)`` at another rate."""
    resampler = Resampler(rate, wanted, channels)
    for block in blocks:
        yield resampler.process(block)
    yield resampler.process(np.zeros((0, channels), np.float32), last=True)


def _joined(parts: Sequence[Iterator[np.ndarray]], found: FirstPass, samples: int) -> Iterator[np.ndarray]:
    """The channels of all parts, in blocks of `exactly`; one sound is every channel of its part."""
    silent = exactly([], samples, found.channels)
    for sound, *blocks in zip(silent, *parts, strict=True):
        for part, block in zip(found.parts, blocks, strict=True):
            sound[:, part.channels] = block
        yield sound


def _as_correlated(
    source: Iterator[np.ndarray], made: Iterator[np.ndarray], found: FirstPass, samples: int, hop: int
) -> Iterator[np.ndarray]:
    """What parts that were converted apart had in common, such as who is heard in the other's microphone."""
    channels = found.channels

    def run(frames: np.ndarray) -> np.ndarray:
        both = frames.reshape(-1, 2, hop, channels)
        sound, original = (both[:, each].reshape(-1, channels) for each in (0, 1))
        return as_correlated(original, sound, hop)[None]

    original = exactly((block - found.offsets for block in source), samples, channels)
    rows = (in_rows(blocks, hop) for blocks in (made, original))
    beside = (np.concatenate(pair, axis=1) for pair in zip(*rows, strict=True))
    reach, silence = Reach(CORRELATION_REACH, CORRELATION_REACH), np.zeros(2 * hop * channels, np.float32)
    chunked = ChunkedPass(run, reach=reach, silence=silence, chunk=_CHUNK, rows=hop, same_length=False)
    return exactly(chunked.stream(beside), samples, channels)
