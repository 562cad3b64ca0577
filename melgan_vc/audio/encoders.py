"""The two libraries behind the writer, with one face: `write` float32 blocks, then `close`."""

import io

import av
import numpy as np
import soundfile

from melgan_vc.audio.formats import CHANNEL_LAYOUTS, OutputFormat

_PIECE_SAMPLES = 2**18  # libsndfile's Vorbis encoder crashes on one block of 5 minutes: it works on the stack
_PCM_BITS = {"PCM_U8": 8, "PCM_S8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32}
# libsndfile's defaults gave 99 kbit/s (Vorbis) and 133 kbit/s (MP3) for dense stereo; these give 214 and 245.
_COMPRESSION = {
    "VORBIS": {"compression_level": 0.2},
    "MPEG_LAYER_III": {"compression_level": 0.0, "bitrate_mode": "VARIABLE"},
}
_BITS_PER_CHANNEL = 96_000


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


class SoundfileEncoder:
    """Write through libsndfile."""

    def __init__(self, file: RecordingFile, form: OutputFormat, subtype: str, rate: int, channels: int):
        self._bits = _PCM_BITS.get(subtype)
        self._piece = max(1, _PIECE_SAMPLES // channels)
        self._file = soundfile.SoundFile(
            file, "w", rate, channels, subtype, format=form.container, **_COMPRESSION.get(subtype, {})
        )

    def write(self, block: np.ndarray) -> None:
        """Append a block of shape (frames, channels), float32 in [-1, 1] for all but float subtypes."""
        for start in range(0, len(block), self._piece):
            piece = block[start : start + self._piece]
            self._file.write(piece if self._bits is None else _quantized(piece, self._bits))

    def close(self) -> None:
        self._file.close()


class PyavEncoder:
    """Write through FFmpeg."""

    def __init__(self, file: RecordingFile, form: OutputFormat, subtype: str, rate: int, channels: int):
        # An MP4 states its length in units of the movie's time scale, milliseconds unless told otherwise.
        options = {"movie_timescale": str(rate)} if form.container == "ipod" else {}
        codec = {"AAC": "aac", "OPUS": "libopus"}[subtype]
        self._layout = CHANNEL_LAYOUTS[channels]
        self._container = av.open(file, "w", format=form.container, options=options)
        self._stream = self._container.add_stream(codec, rate=rate, layout=self._layout)
        self._stream.bit_rate = _BITS_PER_CHANNEL * channels
        self._rate, self._written = rate, 0

    def write(self, block: np.ndarray) -> None:
        """Append a block of shape (frames, channels), float32 in [-1, 1]."""
        if not len(block):
            return
        interleaved = np.ascontiguousarray(block).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(interleaved, format="flt", layout=self._layout)
        frame.sample_rate, frame.pts = self._rate, self._written
        self._written += len(block)
        self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        if self._written:
            self._container.mux(self._stream.encode(None))
        self._container.close()


def _quantized(samples: np.ndarray, bits: int) -> np.ndarray:
    """Round to `bits`, left-aligned in int32, which libsndfile then cuts without loss.

    Given floats, libsndfile 1.2.2 rounds down: half a step of DC offset, audible in 8 bits.
    """
    scale = 2.0 ** (bits - 1)
    levels = np.clip(np.rint(samples * np.float64(scale)), -scale, scale - 1)
    return levels.astype(np.int32) << (32 - bits)
