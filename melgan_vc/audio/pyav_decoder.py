"""Sound through FFmpeg: compressed formats, and the sound track of a video."""

import itertools
from collections.abc import Iterator
from typing import BinaryIO

import av
import numpy as np

from melgan_vc.audio.formats import AudioFileError
from melgan_vc.audio.gapless import Gapless, without_delay
from melgan_vc.audio.tags import tags_of
from melgan_vc.audio.timeline import Timeline, is_hole

_BLOCK_SAMPLES = 2**17  # over all channels: half a megabyte of float32
_MP4_PADDING = 4096  # frames: more than any AAC encoder pads at the end
# Their timestamps are what was recorded. Elsewhere FFmpeg makes them up, or they leave out the encoder's delay.
_FROM_ZERO = ("MATROSKA", "MOV")
_FROM_FIRST = ("MPEGTS", "MPEG", "FLV")


class PyavDecoder:
    """A file, or the sound track of a video, through FFmpeg; `damaged` counts the packets it had to skip."""

    def __init__(self, file: BinaryIO):
        formats = _possible_formats(file)
        for form in formats:
            file.seek(0)
            try:
                self._open(file, form)
                return
            except AudioFileError:
                if form == formats[-1]:
                    raise

    def _open(self, file: BinaryIO, form: str | None) -> None:
        try:
            self._container = av.open(
                file,
                "r",
                format=form,
                # No protocol is allowed: a playlist must not make FFmpeg open other files or addresses.
                options={"protocol_whitelist": "none"},
                metadata_errors="surrogateescape",
            )
        except (av.FFmpegError, OSError, ValueError):
            raise AudioFileError("its content is no known audio or video format, or it was cut off") from None
        self._stream = self._container.streams.best("audio")
        if self._stream is None or self._stream.codec_context is None:
            self.close()
            raise AudioFileError("it has no sound track that can be decoded")
        self.damaged = 0
        self._frames = self._decoded()
        self._first = next(self._frames, None)
        if self._first is None:
            self.close()
            raise AudioFileError("it holds no sound that can be decoded; it is empty, cut off or damaged")
        # The first frame knows better than the header: an HE-AAC header gives half the true rate.
        self.rate, self._layout = self._first.sample_rate, self._first.layout
        self.channels = self._layout.nb_channels
        self._describe()

    def _describe(self) -> None:
        stream, container = self._stream, self._container
        self.seconds = None
        if stream.duration and stream.time_base:
            self.seconds = float(stream.duration * stream.time_base)
        elif container.duration:
            self.seconds = container.duration / av.time_base
        self.format = container.format.name.split(",")[0].upper()
        self.subtype = stream.codec.canonical_name.upper()
        self.frames = None
        self.tags = tags_of(container)
        if self.format == "FLAC":
            self.subtype = {"s16": "PCM_16"}.get(self._first.format.name.rstrip("p"), "PCM_24")
            self.frames = None if self.seconds is None else round(self.seconds * self.rate)

    def blocks(self) -> Iterator[np.ndarray]:
        """Blocks of shape (frames, channels), float32.

        Damaged packets are left out, and silence stands where timestamps tell of a hole or of a late start.
        """
        timeline = self._timeline()
        start = self._silence_before(self._first, timeline, self._time_of_first())
        blocks = self._converted(timeline)
        late = self._start_after_first()
        if self.format == "MOV" and self.seconds:
            blocks = _without_padding(blocks, round((self.seconds + late) * self.rate))
        if self.format == "MP3" and late > 0:  # FFmpeg forgets the delay where it ends in the last packet
            blocks = without_delay(blocks, round(late * self.rate))
        lengths = Gapless.of(self._container.metadata.get("iTunSMPB")) if self.format == "AAC" else None
        if lengths:
            blocks = _without_padding(without_delay(blocks, lengths.delay), lengths.length)
        yield from self._silence(start)
        yield from blocks

    def _decoded(self) -> Iterator[av.AudioFrame]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError:
                packet = None
            if packet is None:
                return
            try:
                frames = packet.decode()
            except av.FFmpegError:
                self.damaged += 1
                continue
            yield from frames

    def _start_after_first(self) -> float:
        """Seconds from the first decoded frame to where the stream is said to start; negative when it comes later."""
        start, first = self._stream.start_time, self._first.time
        return 0.0 if start is None or first is None else float(start * self._stream.time_base) - first

    def _timeline(self) -> Timeline | None:
        if self.format in _FROM_ZERO:
            return Timeline(self.rate, max(0.0, self._start_of_the_picture() or 0.0))
        if self.format in _FROM_FIRST and self._container.start_time is not None:
            return Timeline(self.rate, self._container.start_time / av.time_base)
        return None

    def _start_of_the_picture(self) -> float | None:
        """Seconds at which the first of the other tracks starts: what was cut from a longer film starts there."""
        others = [stream for stream in self._container.streams if stream.index != self._stream.index]
        starts = [
            float(stream.start_time * stream.time_base)
            for stream in others
            if stream.type in ("audio", "video") and stream.start_time is not None and not _is_cover(stream)
        ]
        return min(starts, default=None)

    def _time_of_first(self) -> float | None:
        """Where the first frame belongs: right before the second, if that comes too late.

        FFmpeg writes fragmented MP4 so: sound that starts with its picture at 83 ms starts at 0, and its first frame
        is said to last 83 ms longer than it does.
        """
        second = next(self._frames, None)
        if second is None:
            return self._first.time
        self._frames = itertools.chain([second], self._frames)
        if self._first.time is None or second.time is None:
            return self._first.time
        ahead = second.time - self._first.samples / self._first.sample_rate
        return ahead if is_hole(ahead - self._first.time) else self._first.time

    def _silence_before(self, frame: av.AudioFrame, timeline: Timeline | None, time: float | None) -> int:
        """Frames at the rate of the file."""
        if timeline is None:
            return 0
        return timeline.silence_before(time, round(frame.samples * self.rate / frame.sample_rate))

    def _silence(self, frames: int) -> Iterator[np.ndarray]:
        longest = max(1, _BLOCK_SAMPLES // self.channels)
        for start in range(0, frames, longest):
            yield np.zeros((min(longest, frames - start), self.channels), np.float32)

    def _converted(self, timeline: Timeline | None) -> Iterator[np.ndarray]:
        # Interleaved ('flt'), because PyAV gives no array for the 8 planes of 7.1 sound.
        converter, kind = None, None
        frame, silence = self._first, 0
        while frame is not None:
            new_kind = (frame.format.name, frame.layout.name, frame.sample_rate)
            if new_kind != kind or silence:  # the first frame, and rarely in mid-stream
                kind = new_kind
                yield from self._arrays(converter, None)
                yield from self._silence(silence)
                converter = av.AudioResampler(format="flt", layout=self._layout, rate=self.rate)
            yield from self._arrays(converter, frame)
            frame = next(self._frames, None)
            silence = 0 if frame is None else self._silence_before(frame, timeline, frame.time)
        yield from self._arrays(converter, None)

    def _arrays(self, converter: av.AudioResampler | None, frame: av.AudioFrame | None) -> Iterator[np.ndarray]:
        for converted in converter.resample(frame) if converter else ():
            yield converted.to_ndarray().reshape(-1, self.channels)

    def close(self) -> None:
        self._container.close()


def _is_cover(stream: av.stream.Stream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _possible_formats(file: BinaryIO) -> list[str | None]:
    """FFmpeg's own guess (None), and MP3 or raw AAC: of one or two frames it takes them for something else."""
    start = file.read(10)
    if start.startswith(b"ID3") and len(start) == 10:
        size = sum((byte & 127) << shift for byte, shift in zip(start[6:], (21, 14, 7, 0), strict=True))
        file.seek(10 + size)
        start = file.read(2)
    if len(start) < 2 or start[0] != 0xFF or start[1] < 0xE0:
        return [None]
    layer = start[1] >> 1 & 3
    return [None, "mp3" if layer else "aac"]


def _without_padding(blocks: Iterator[np.ndarray], length: int) -> Iterator[np.ndarray]:
    """Drop what the encoder padded beyond `length` frames, unless it is too much to be padding.

    MP4 says how long the track is, and FFmpeg honours that at the start (priming) but not at the end: without
    this, a track of 50,001 frames comes back with 50,176.
    """
    held = []
    for block in blocks:
        if held or len(block) > length:
            held.append(block[length:])
            block, length = block[:length], 0
        else:
            length -= len(block)
        if len(block):
            yield block
        if sum(map(len, held)) > _MP4_PADDING:  # the header lied
            yield from held
            yield from blocks
            return
