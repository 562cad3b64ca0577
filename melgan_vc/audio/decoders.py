"""The two libraries behind the reader, with one face: a rate, channels, and float32 blocks.

libsndfile reads uncompressed formats and Ogg, where it is exact to the sample. FFmpeg reads everything else,
MP3 and FLAC included: libsndfile stops at the first damaged frame, and read 20,813 of the 101,376 frames of a
healthy variable-rate MP3 without a Xing header.
"""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import soundfile

from melgan_vc.audio.file_view import FileView, length_of
from melgan_vc.audio.formats import AudioFileError
from melgan_vc.audio.ogg_links import ChainDecoder, ogg_links
from melgan_vc.audio.pyav_decoder import PyavDecoder
from melgan_vc.audio.tags import tags_in
from melgan_vc.audio.true_length import with_true_length

_SOUNDFILE_MAGIC = (b"RIFF", b"RIFX", b"RF64", b"FORM", b"riff", b".snd", b"caff", b"OggS")
_BLOCK_SAMPLES = 2**17  # over all channels: half a megabyte of float32


def open_decoder(file: BinaryIO, name: str) -> "SoundfileDecoder | PyavDecoder | ChainDecoder":
    """Choose the library that reads `file` (seekable, at its start); `name` is for the error's sentence."""
    magic = file.read(4)
    file.seek(0)
    if not magic:
        raise AudioFileError(f"Expected an audio file, received: {name} (it is empty)")
    if magic == b"OggS":
        links = ogg_links(file)
        if len(links) > 1:
            return ChainDecoder(links, lambda link: _open_link(link, name))
    return _open_link(with_true_length(file), name)


def _open_link(file: BinaryIO, name: str) -> "SoundfileDecoder | PyavDecoder":
    magic = file.read(4)
    file.seek(0)
    if magic in _SOUNDFILE_MAGIC:
        try:
            decoder = SoundfileDecoder(file)
            # A header written before its length was known says 0; FFmpeg then reads to the end of the file.
            if decoder.frames != 0:
                return decoder
            decoder.close()
        except soundfile.SoundFileError:
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
        self._file = _UnseekableSoundFile(FileView(file, 0, length_of(file)))
        self.rate, self.channels = self._file.samplerate, self._file.channels
        self.frames = self._file.frames if self._file.frames < 2**62 else None
        self.seconds = None if self.frames is None else self.frames / self.rate
        self.format, self.subtype = self._file.format, self._file.subtype
        self.tags = tags_in(file)

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
