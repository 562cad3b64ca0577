"""How long the sound in a WAV, AIFF, CAF or AU file is, whatever its header claims.

Most have 32 bits for the length. Tools that write more than 4 GB let it wrap, recorders that were stopped leave the
length of their last update, and those that write into a pipe leave 0 or the highest number. What follows the claimed
end tells who is right: tags and cue points are a chain of chunks that reaches the end of the file, and samples are
not.
"""

import itertools
import re
import struct
from dataclasses import dataclass
from typing import BinaryIO

from melgan_vc.audio.file_view import FileView, length_of

_TAIL_CHUNKS = (b"LIST", b"id3 ", b"ID3 ", b"cue ", b"bext", b"iXML", b"_PMX", b"smpl", b"inst", b"PEAK")
_TAIL_CHUNKS += (b"NAME", b"AUTH", b"ANNO", b"(c) ", b"MARK", b"COMT", b"APPL", b"info", b"strg", b"free", b"uuid")
_TAGS_BEHIND = (b"TAG", b"ID3", b"APETAGEX")  # in no chunk, where a tagger took the file for an MP3
_MOST_CHUNKS = 1000
_MOST_HEADER = 2**24  # bytes before the sound; a picture may be among them
_LONGEST_PADDING = 4096  # zeros behind the sound that fill a block of a disk
_SEARCHED = 2**20  # bytes at the end of the file in which chunks are looked for
_MOST_TRIED = 100  # places in it that look like the first of them
_UNKNOWN = 0xFFFFFFFF


@dataclass(frozen=True)
class _Layout:
    """How a format of chunks writes them: the struct of a header, the chunk with sound, whether lengths are even."""

    header: str
    first: int
    sound: bytes
    even: bool = True

    def chunk(self, header: bytes) -> tuple[bytes, int]:
        """Name and length of the chunk that starts with these bytes."""
        return struct.unpack(self.header, header[: self.bytes].ljust(self.bytes, b"\0"))

    @property
    def bytes(self) -> int:
        return struct.calcsize(self.header)

    def after(self, place: int, size: int) -> int:
        """Where the chunk behind the one of `size` bytes at `place` starts."""
        return place + self.bytes + size + (size % 2 if self.even else 0)


_LAYOUTS = {
    b"RIFF": _Layout("<4sI", 12, b"data"),
    b"RF64": _Layout("<4sI", 12, b"data"),
    b"RIFX": _Layout(">4sI", 12, b"data"),
    b"FORM": _Layout(">4sI", 12, b"SSND"),
    b"caff": _Layout(">4sq", 8, b"data", even=False),
}


def with_true_length(file: BinaryIO) -> BinaryIO:
    """The file itself, or a view of it whose header tells how much sound there is.

    Parameters
    ----------
    file : binary file
        Seekable, at its start. A file of another format is given back as it is.

    Returns
    -------
    binary file
        At its start. In the view the sound reaches to the chunks that end the file, or to its end.
    """
    length = length_of(file)
    magic = file.read(4)
    if magic in _LAYOUTS:
        shown = _of_chunks(file, length, magic, _LAYOUTS[magic])
    else:
        shown = _of_au(file, length) if magic == b".snd" else file
    file.seek(0)
    return shown


def _of_au(file: BinaryIO, length: int) -> BinaryIO:
    """Nothing may follow the sound of an AU file, and a length that is unknown is allowed."""
    place, claimed = struct.unpack(">II", file.read(8).ljust(8, b"\0"))
    if place + claimed >= length or not 24 <= place <= length:
        return file
    return FileView(file, 12, length, struct.pack(">4sII", b".snd", place, _UNKNOWN))


def _of_chunks(file: BinaryIO, length: int, magic: bytes, layout: _Layout) -> BinaryIO:
    start, claimed, long_size = _find_sound(file, magic, layout)
    if start is None or start > _MOST_HEADER:
        return file
    if _ends_at(file, start, claimed, length, layout):
        size = claimed
    else:
        size = _end_without_chunks(file, start, length, layout) - start
    if size == claimed and size:
        return file
    file.seek(0)
    return FileView(file, start, start + size, _with_size(file.read(start), size, layout, long_size))


def _find_sound(file: BinaryIO, magic: bytes, layout: _Layout) -> tuple[int | None, int, int | None]:
    """Where the sound starts (None: nowhere), how long it is claimed to be, and where RF64 tells its length."""
    place, long_size = layout.first, None
    for _ in range(_MOST_CHUNKS):
        file.seek(place)
        name, size = layout.chunk(file.read(layout.bytes))
        if not _is_name(name) or (size < 0 and name != layout.sound):
            break
        if name == layout.sound:
            if size == _UNKNOWN and long_size:
                file.seek(long_size)
                (size,) = struct.unpack("<Q", file.read(8).ljust(8, b"\0"))
            return place + layout.bytes, size, long_size
        if magic == b"RF64" and name == b"ds64":
            long_size = place + 16
        place = layout.after(place, size)
    return None, 0, None


def _ends_at(file: BinaryIO, start: int, size: int, length: int, layout: _Layout) -> bool:
    """Whether nothing that follows the first `size` bytes can be sound."""
    if not 0 <= size <= length - start:
        return False
    end = start + size
    file.seek(end)
    rest = file.read(_LONGEST_PADDING + 1)
    if len(rest) < 8 or rest.startswith(_TAGS_BEHIND):
        return True
    if size and len(rest) <= _LONGEST_PADDING and not any(rest):
        return True
    return any(_chunks_reach_the_end(file, place, length, layout) for place in {end, end + size % 2})


def _chunks_reach_the_end(file: BinaryIO, place: int, length: int, layout: _Layout) -> bool:
    """Whether chunk follows chunk from `place` on; the last may be cut off where its name is a known one."""
    for _ in range(_MOST_CHUNKS):
        file.seek(place)
        name, size = layout.chunk(file.read(layout.bytes))
        if not _is_name(name) or size < 0:
            return False
        place = layout.after(place, size)
        if place > length + 1:
            return name in _TAIL_CHUNKS
        if length - place < layout.bytes:
            return True
    return False


def _end_without_chunks(file: BinaryIO, start: int, length: int, layout: _Layout) -> int:
    """Where the sound ends in a file whose header does not tell."""
    searched = max(start, length - _SEARCHED)
    file.seek(searched)
    tail = file.read(length - searched)
    names = re.finditer(b"|".join(map(re.escape, _TAIL_CHUNKS)), tail)
    for found in itertools.islice(names, _MOST_TRIED):
        place = searched + found.start()
        _, size = layout.chunk(tail[found.start() :][: layout.bytes])
        if place + layout.bytes + size <= length and _chunks_reach_the_end(file, place, length, layout):
            return place
    return length


def _with_size(head: bytes, size: int, layout: _Layout, long_size: int | None) -> bytes:
    """The bytes before the sound, with another length; RF64 where 32 bits do not hold it."""
    head = bytearray(head)
    if long_size:
        head[long_size : long_size + 8] = struct.pack("<Q", size)
    elif layout.header.endswith("q"):
        head[-8:] = struct.pack(">q", size)
    elif len(head) + size < _UNKNOWN or layout.header.startswith(">"):
        size = min(size, _UNKNOWN - len(head))
        head[4:8] = struct.pack(layout.header[0] + "I", len(head) + size - 8)
        head[-4:] = struct.pack(layout.header[0] + "I", size)
    else:
        lengths = struct.pack("<4sIQQQI", b"ds64", 28, len(head) + 28 + size, size, 0, 0)
        unknown = struct.pack("<I", _UNKNOWN)
        head = b"RF64" + unknown + head[8:12] + lengths + head[12:-4] + unknown
    return bytes(head)


def _is_name(name: bytes) -> bool:
    return all(32 <= byte < 127 for byte in name)
