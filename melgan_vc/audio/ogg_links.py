"""Ogg files that were joined: each link of such a chain is a whole file, with a rate and channels of its own.

Neither library reads a chain to its end to the sample: libsndfile stops after the first link, and FFmpeg loses what
the later links say of their length. So each link is read as a file of its own.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import BinaryIO, Protocol

import numpy as np

from melgan_vc.audio.file_view import FileView, length_of
from melgan_vc.audio.formats import AudioFileError
from melgan_vc.audio.resample import Resampler, resampled_length

_READ = 2**20
_MOST_LINKS = 10_000
_HEADER = 27  # bytes of a page before the sizes of its segments
_MOST_PAGE = _HEADER + 255 + 255 * 255
# The header of a page that begins a stream: version 0, that flag, and as its place in time and in the stream 0.
_FIRST_PAGE = re.compile(rb"OggS\0[\x02\x06]\0{8}.{4}\0{4}.{5}", re.DOTALL)


def ogg_links(file: BinaryIO) -> list[FileView]:
    """The files that were joined to this one, in order; one when it is no chain.

    Parameters
    ----------
    file : binary file
        Seekable; an Ogg file.
    """
    length = length_of(file)
    starts, behind = [], 0
    for place, size in _first_pages(file):
        # Streams that sound or show at the same time begin together: one first page right behind the other.
        if place != behind or not starts:
            starts.append(place)
        behind = place + size
    file.seek(0)
    starts = [0, *starts[1:_MOST_LINKS]]
    return [FileView(file, start, end) for start, end in zip(starts, [*starts[1:], length], strict=True)]


def _first_pages(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Place and size of every page that begins a stream."""
    file.seek(0)
    window, place = b"", 0
    while True:
        part = file.read(_READ)
        window += part
        # The last page of the window may be cut: it is looked at again with the next part.
        searched = len(window) - (_MOST_PAGE if part else 0)
        for found in _FIRST_PAGE.finditer(window):
            if found.start() < searched:
                segments = window[found.end() : found.end() + window[found.end() - 1]]
                yield place + found.start(), _HEADER + len(segments) + sum(segments)
        if not part:
            return
        kept = max(0, searched)
        window, place = window[kept:], place + kept


class Decoder(Protocol):
    """What the reader asks of a library."""

    rate: int
    channels: int
    frames: int | None
    seconds: float | None
    format: str
    subtype: str
    damaged: int
    tags: dict[str, str]

    def blocks(self) -> Iterator[np.ndarray]: ...

    def close(self) -> None: ...


class ChainDecoder:
    """Decoders of links one after the other, at the rate and with the channels of the first.

    Parameters
    ----------
    links : list of binary files
        At least one.
    open_link : callable
        Gives the decoder of a link. A link in which it finds no sound is left out, and counted in `damaged`.

    Raises
    ------
    AudioFileError
        When no link holds sound.
    """

    def __init__(self, links: list[BinaryIO], open_link: Callable[[BinaryIO], Decoder]):
        self._open_link, self._links = open_link, []
        self.damaged = 0
        lengths = []
        for link in links:
            try:
                decoder = open_link(link)
            except AudioFileError as failure:
                self.damaged, error = self.damaged + 1, failure
                continue
            if not self._links:
                self.rate, self.channels = decoder.rate, decoder.channels
                self.format, self.subtype, self.tags = decoder.format, decoder.subtype, decoder.tags
            self._links.append(link)
            lengths.append(
                None if decoder.frames is None else resampled_length(decoder.frames, decoder.rate, self.rate)
            )
            decoder.close()
        if not self._links:
            raise error
        self.frames = None if None in lengths else sum(lengths)
        self.seconds = None if self.frames is None else self.frames / self.rate

    def blocks(self) -> Iterator[np.ndarray]:
        """Blocks of shape (frames, channels), float32, of all links in order."""
        for link in self._links:
            link.seek(0)
            with closing(self._open_link(link)) as decoder:
                resampler = Resampler(decoder.rate, self.rate, self.channels)
                for block in decoder.blocks():
                    yield resampler.process(_with_channels(block, self.channels))
                yield resampler.process(np.zeros((0, self.channels), np.float32), last=True)
                self.damaged += decoder.damaged

    def close(self) -> None:
        """A link is open only while it is read."""


def _with_channels(block: np.ndarray, channels: int) -> np.ndarray:
    """A block with another number of channels: the mean of all it has, in each."""
    if block.shape[1] == channels:
        return block
    return np.repeat(block.mean(axis=1, keepdims=True), channels, axis=1)
