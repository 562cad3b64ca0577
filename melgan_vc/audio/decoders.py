"""The two libraries behind the reader, with one face: a rate, channels, and float32 blocks.

libsndfile reads uncompressed formats and Ogg, where it is exact to the sample. FFmpeg reads everything else,
MP3 and FLAC included: libsndfile stops at the first damaged frame, and read 20,813 of the 101,376 frames of a
healthy variable-rate MP3 without a Xing header.
"""

from collections.abc import Iterator
from typing import BinaryIO

import av
import numpy as np
import soundfile

from melgan_vc.audio.formats import AudioFileError

_SOUNDFILE_MAGIC = (b"RIFF", b"RIFX", b"RF64", b"FORM", b"riff", b".snd", b"caff", b"OggS")
_BLOCK_SAMPLES = 2**17  # over all channels: half a megabyte of float32
_MP4_PADDING = 4096  # frames: more than any AAC encoder pads at the end


def open_decoder(file: BinaryIO, name: str) -> "SoundfileDecoder | PyavDecoder":
    """Choose the library that reads `file` (seekable, at its start); `name` is for the error's sentence."""
    magic = file.read(4)
    file.seek(0)
    if not magic:
        raise AudioFileError(f"Expected an audio file, received: {name} (it is empty)")
    if magic in _SOUNDFILE_MAGIC:
        try:
            decoder = SoundfileDecoder(file)
            # A header written before its length was known says 0; FFmpeg then reads to the end of the file.
            if decoder.frames != 0:
                return decoder
            decoder.close()
        except (soundfile.SoundFileError, TypeError):  # TypeError: the name ends in .raw
            pass
        file.seek(0)
    try:
        return PyavDecoder(file)
    except AudioFileError as error:
        raise AudioFileError(f"Expected an audio file, received: {name} ({error})") from None


class _UnseekableSoundFile(soundfile.SoundFile):
    """A sound file that is only read forwards.

    soundfile seeks to the current position after every read of a seekable file. In Opus that resets the
    decoder: an error of 0.003 after each block's start.
    """

    def seekable(self) -> bool:
        return False


class SoundfileDecoder:
    """A file through libsndfile."""

    damaged = 0

    def __init__(self, file: BinaryIO):
        self._file = _UnseekableSoundFile(file)
        self.rate, self.channels = self._file.samplerate, self._file.channels
        self.frames = self._file.frames if self._file.frames < 2**62 else None
        self.seconds = None if self.frames is None else self.frames / self.rate
        self.format, self.subtype = self._file.format, self._file.subtype

    def blocks(self) -> Iterator[np.ndarray]:
        """Blocks of shape (frames, channels), float32, until the file ends or cannot be read further."""
        frames = max(1, _BLOCK_SAMPLES // self.channels)
        while True:
            try:
                block = self._file.read(frames, dtype="float32", always_2d=True)
            except soundfile.SoundFileError:
                self.damaged += 1
                return
            if not len(block):
                return
            yield block

    def close(self) -> None:
        self._file.close()


class PyavDecoder:
    """A file, or the sound track of a video, through FFmpeg; `damaged` counts the packets it had to skip."""

    def __init__(self, file: BinaryIO):
        try:
            # No protocol is allowed: a playlist must not make FFmpeg open other files or addresses.
            self._container = av.open(file, "r", options={"protocol_whitelist": "none"}, metadata_errors="replace")
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
        if self.format == "FLAC":
            self.subtype = {"s16": "PCM_16"}.get(self._first.format.name.rstrip("p"), "PCM_24")
            self.frames = None if self.seconds is None else round(self.seconds * self.rate)

    def blocks(self) -> Iterator[np.ndarray]:
        """Blocks of shape (frames, channels), float32; damaged packets are left out."""
        blocks = self._converted()
        if self.format == "MOV" and self.seconds:
            return _without_padding(blocks, round(self.seconds * self.rate))
        return blocks

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

    def _converted(self) -> Iterator[np.ndarray]:
        # Interleaved ('flt'), because PyAV gives no array for the 8 planes of 7.1 sound.
        converter, kind = None, None
        frame = self._first
        while frame is not None:
            new_kind = (frame.format.name, frame.layout.name, frame.sample_rate)
            if new_kind != kind:  # the first frame, and rarely in mid-stream
                kind = new_kind
                yield from self._arrays(converter, None)
                converter = av.AudioResampler(format="flt", layout=self._layout, rate=self.rate)
            yield from self._arrays(converter, frame)
            frame = next(self._frames, None)
        yield from self._arrays(converter, None)

    def _arrays(self, converter: av.AudioResampler | None, frame: av.AudioFrame | None) -> Iterator[np.ndarray]:
        for converted in converter.resample(frame) if converter else ():
            yield converted.to_ndarray().reshape(-1, self.channels)

    def close(self) -> None:
        self._container.close()


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
