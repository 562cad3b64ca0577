"""The two libraries behind the writer, with one face: `write` float32 blocks, then `close`."""

import contextlib
import io
import os
from collections.abc import Mapping

import av
import numpy as np
import soundfile

from melgan_vc.audio.formats import CHANNEL_LAYOUTS, OutputFormat
from melgan_vc.audio.gapless import Gapless
from melgan_vc.audio.tags import id3_tag
from melgan_vc.audio.vorbis_comments import RoomForComments

_PIECE_SAMPLES = 2**18  # libsndfile's Vorbis encoder crashes on one block of 5 minutes: it works on the stack
_PCM_BITS = {"PCM_U8": 8, "PCM_S8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32}
# libsndfile's defaults gave 99 kbit/s (Vorbis) and 133 kbit/s (MP3) for dense stereo; these give 214 and 245.
_COMPRESSION = {
    "VORBIS": {"compression_level": 0.2},
    "MPEG_LAYER_III": {"compression_level": 0.0, "bitrate_mode": "VARIABLE"},
}
_BITS_PER_CHANNEL = 96_000
# What libsndfile calls the tags that it can write; formats hold all of these, some, or none.
_STRINGS = {"track": "tracknumber"} | {
    name: name for name in ("title", "artist", "album", "genre", "date", "comment", "copyright")
}
# Bytes, elsewhere 2,000: libsndfile 1.2.2 drops every tag of a WAV when one has more than 2,042, breaks AIFF at 8,190
# and Opus somewhere from 32,000 to 60,000 bytes of tags; of FLAC and Vorbis a million was no matter.
_LONGEST_STRING = {"FLAC": 2**20, "VORBIS": 2**20}
_OPUS_PACKET = 960  # frames at 48 kHz
_NO_LENGTH = Gapless(0, 0, 0)


class RecordingFile(io.FileIO):
    """A file that keeps the first error of a write, and tells the library above that all went well.

    libsndfile reduces a full disk to 'System error', and what it flushes while closing to nothing at all. So
    the writer looks at `error` after every call instead.
    """

    error: OSError | None = None

    def write(self, data) -> int:
        view = memoryview(data).cast("B")
        done = 0
        while done < len(view) and self.error is None:
            try:
                done += super().write(view[done:]) or 0
            except OSError as error:
                self.error = error
        return len(view)


class _Behind(io.RawIOBase):
    """What is written behind the first bytes of a file, as a file of its own."""

    def __init__(self, file: RecordingFile, offset: int):
        self._file, self._offset = file, offset

    def write(self, data) -> int:
        return self._file.write(data)

    def readinto(self, buffer) -> int:
        return self._file.readinto(buffer)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = self._offset if whence == os.SEEK_SET else 0
        return self._file.seek(start + offset, whence) - self._offset

    def tell(self) -> int:
        return self._file.tell() - self._offset


class SoundfileEncoder:
    """Write through libsndfile."""

    def __init__(
        self,
        file: RecordingFile,
        form: OutputFormat,
        subtype: str,
        rate: int,
        channels: int,
        tags: Mapping[str, str],
    ):
        self._bits = _PCM_BITS.get(subtype)
        self._piece = max(1, _PIECE_SAMPLES // channels)
        if form.container == "MP3":  # libsndfile's own tag takes UTF-8 for Latin-1
            tag, tags = id3_tag(tags), {}
            file.write(tag)
            file = _Behind(file, len(tag))
        self._file = soundfile.SoundFile(
            file, "w", rate, channels, subtype, format=form.container, **_COMPRESSION.get(subtype, {})
        )
        self._below = file
        self._room = RoomForComments(tags if form.container in ("FLAC", "OGG") else {})
        self._set_tags(tags, _LONGEST_STRING.get(subtype, _LONGEST_STRING.get(form.container, 2000)))

    def _set_tags(self, tags: Mapping[str, str], longest: int) -> None:
        if self._room.license:
            self._file.license = self._room.license
        for name, string in _STRINGS.items():
            if 0 < len(tags.get(name, "").encode()) <= longest:
                with contextlib.suppress(soundfile.SoundFileError):  # some formats hold none, or not this one
                    setattr(self._file, string, tags[name])

    def write(self, block: np.ndarray) -> None:
        """Append a block of shape (frames, channels), float32 in [-1, 1] for all but float subtypes."""
        for start in range(0, len(block), self._piece):
            piece = block[start : start + self._piece]
            self._file.write(piece if self._bits is None else _quantized(piece, self._bits))

    def close(self) -> None:
        self._file.close()
        if self._room.license and not self._below.error:
            self._room.fill(self._below)


class PyavEncoder:
    """Write through FFmpeg."""

    def __init__(
        self,
        file: RecordingFile,
        form: OutputFormat,
        subtype: str,
        rate: int,
        channels: int,
        tags: Mapping[str, str],
    ):
        options = {
            # An MP4 states its length in units of the movie's time scale, milliseconds unless told otherwise.
            "ipod": {"movie_timescale": str(rate)},
            "adts": {"write_id3v2": "1"},
        }.get(form.container, {})
        codec = {"AAC": "aac", "OPUS": "libopus"}[subtype]
        self._is_adts = form.container == "adts"
        self._layout = CHANNEL_LAYOUTS[channels]
        self._file, self._container = file, av.open(file, "w", format=form.container, options=options)
        self._stream = self._container.add_stream(codec, rate=rate, layout=self._layout)
        self._stream.bit_rate = _BITS_PER_CHANNEL * channels
        if self._is_adts:
            self._container.metadata["iTunSMPB"] = str(_NO_LENGTH)
        self._container.metadata.update(tags)
        self._rate, self._written = rate, 0
        # FFmpeg reads no length from a WebM of one packet: the first is held back, to be cut smaller where it is all.
        self._held = [] if form.container == "webm" else None
        self._delay, self._packed = None, 0

    def write(self, block: np.ndarray) -> None:
        """Append a block of shape (frames, channels), float32 in [-1, 1]."""
        if self._held is not None:
            self._held.append(block)
            if sum(map(len, self._held)) < _OPUS_PACKET:
                return
            block, self._held = np.concatenate(self._held), None
        self._encode(block)

    def close(self) -> None:
        if self._held:
            self._stream.codec_context.options = {"frame_duration": "2.5"}
            self._encode(np.concatenate(self._held))
        if self._written:
            self._mux(self._stream.encode(None))
        self._container.close()
        if self._is_adts and self._written and not self._file.error:
            lengths = Gapless(self._delay, self._packed - self._delay - self._written, self._written)
            lengths.replace(_NO_LENGTH, self._file)

    def _encode(self, block: np.ndarray) -> None:
        if not len(block):
            return
        interleaved = np.ascontiguousarray(block).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(interleaved, format="flt", layout=self._layout)
        frame.sample_rate, frame.pts = self._rate, self._written
        self._written += len(block)
        self._mux(self._stream.encode(frame))

    def _mux(self, packets: list[av.Packet]) -> None:
        for packet in packets:
            if self._delay is None:
                self._delay = -packet.pts
            self._packed += packet.duration
            self._container.mux(packet)


def _quantized(samples: np.ndarray, bits: int) -> np.ndarray:
    """Round to `bits`, left-aligned in int32, which libsndfile then cuts without loss.

    Given floats, libsndfile 1.2.2 rounds down: half a step of DC offset, audible in 8 bits.
    """
    scale = 2.0 ** (bits - 1)
    levels = np.clip(np.rint(samples * np.float64(scale)), -scale, scale - 1)
    return levels.astype(np.int32) << (32 - bits)
