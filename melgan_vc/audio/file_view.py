"""A part of a file, shown as a file of its own, without a copy on disk."""

import io
import os
from typing import BinaryIO


class FileView(io.RawIOBase):
    """The bytes `start` to `end` of a file, behind other first bytes.

    Parameters
    ----------
    file : binary file
        Seekable. It stays open when the view is closed, and its position moves with every read of the view.
    start, end : int
        Where the part lies, in bytes.
    head : bytes
        What the view shows before it.
    """

    def __init__(self, file: BinaryIO, start: int, end: int, head: bytes = b""):
        self._file, self._start, self._head = file, start, head
        self._length = len(head) + end - start
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._length}[whence]
        if base + offset >= 0:  # a damaged header leads libsndfile before the start: it stays where it is
            self._place = base + offset
        return self._place

    def readinto(self, buffer) -> int:
        """Fill `buffer` to its end unless the view ends first: libsndfile takes a short read as the end."""
        room = memoryview(buffer).cast("B")
        room = room[: max(0, self._length - self._place)]
        first = self._head[self._place : self._place + len(room)]
        room[: len(first)] = first
        done = len(first)
        if done < len(room):
            self._file.seek(self._start + self._place + done - len(self._head))
        while done < len(room):
            part = self._file.read(len(room) - done)
            if not part:
                break
            room[done : done + len(part)] = part
            done += len(part)
        self._place += done
        return done


def length_of(file: BinaryIO) -> int:
    """Bytes of a seekable file, which is left at its start."""
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    return length
