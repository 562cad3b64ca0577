"""Tags of FLAC and Ogg that libsndfile has no name for: written over one that it has, of the same length.

A comment is its length and ``NAME=text``, in FLAC, Vorbis and Opus alike. A license of filler keeps the room for all
the others, so that no byte of the sound has to move.
"""

import struct
from collections.abc import Mapping
from typing import BinaryIO

_NAMES = {
    "album_artist": "ALBUMARTIST",
    "composer": "COMPOSER",
    "performer": "PERFORMER",
    "conductor": "CONDUCTOR",
    "disc": "DISCNUMBER",
    "license": "LICENSE",
    "publisher": "PUBLISHER",
    "lyrics": "LYRICS",
    "grouping": "GROUPING",
}
_MOST = 12_000  # bytes: with libsndfile's own comments, an Opus file that it writes whole
_MARKS = (b"\x03vorbis", b"OpusTags")  # before the comments in Ogg
_SEARCHED = 2**17  # bytes at the start of a file: its first pages


class RoomForComments:
    """Comments to be, and the text of the license that keeps their room.

    Parameters
    ----------
    tags : mapping of str to str
        By the names of `tags.NAMES`; those that libsndfile can write are left to it.
    """

    def __init__(self, tags: Mapping[str, str]):
        self._comments, length = [], 0
        for name, mark in _NAMES.items():
            comment = f"{mark}={tags[name]}".encode() if name in tags else b""
            if comment and length + len(comment) <= _MOST:
                self._comments.append(struct.pack("<I", len(comment)) + comment)
                length += len(comment)
        self.license = "-" * (len(b"".join(self._comments)) - 4 - len("LICENSE=")) if self._comments else ""

    def fill(self, file: BinaryIO) -> None:
        """Put the comments into a FLAC or Ogg file that was written with `license` before its other tags."""
        file.seek(0)
        head = bytearray(file.read(_SEARCHED))
        start = _comments_start(head)
        (vendor,) = struct.unpack_from("<I", head, start)
        count = start + 4 + vendor
        (number,) = struct.unpack_from("<I", head, count)
        struct.pack_into("<I", head, count, number + len(self._comments) - 1)
        new = b"".join(self._comments)
        place = head.lower().index(b"license=" + self.license.encode(), count) - 4
        head[place : place + len(new)] = new
        if head.startswith(b"OggS"):
            _renew_checksum(head, head.rindex(b"OggS", 0, start))
        file.seek(0)
        file.write(head)


def _comments_start(head: bytearray) -> int:
    """Where the length of the vendor's name stands, which the comments follow."""
    if head.startswith(b"OggS"):
        return next(head.index(mark) + len(mark) for mark in _MARKS if mark in head)
    place = 4
    while head[place] & 127 != 4:
        place += 4 + int.from_bytes(head[place + 1 : place + 4], "big")
    return place + 4


def _renew_checksum(head: bytearray, page: int) -> None:
    """Ogg's CRC of a page: polynomial 0x04C11DB7, from 0, of the page with 0 in the place of its CRC."""
    segments = head[page + 27 : page + 27 + head[page + 26]]
    head[page + 22 : page + 26] = bytes(4)
    crc = 0
    for byte in head[page : page + 27 + len(segments) + sum(segments)]:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    struct.pack_into("<I", head, page + 22, crc)
