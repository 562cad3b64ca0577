"""The length of sound in raw AAC, as iTunes writes it into a tag: what the encoder added before and behind it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

_PATTERN = re.compile(r"\s*0+ ([0-9A-F]{8}) ([0-9A-F]{8}) ([0-9A-F]{16})\b", re.IGNORECASE)
_LONGEST_DELAY = 8192  # frames: more than any encoder adds
_SEARCHED = 2**16  # bytes


@dataclass(frozen=True)
class Gapless:
    """Frames that an encoder added before (`delay`) and behind (`padding`) the `length` frames of the sound.

    >>> str(Gapless(1024, 512, 48000))[:46]
    ' 00000000 00000400 00000200 000000000000BB80 0'
    """

    delay: int
    padding: int
    length: int

    def __str__(self) -> str:
        return f" 00000000 {self.delay:08X} {self.padding:08X} {self.length:016X}" + " 00000000" * 8

    @classmethod
    def of(cls, text: str | None) -> "Gapless | None":
        """What the text of the tag iTunSMPB says, if it is one and can be true."""
        found = _PATTERN.match(text or "")
        lengths = found and cls(*(int(number, 16) for number in found.groups()))
        return lengths if lengths and lengths.delay <= _LONGEST_DELAY and lengths.length else None

    def replace(self, other: "Gapless", file: BinaryIO) -> None:
        """Write these lengths over those of `other`, which stand near the start of the file."""
        file.seek(0)
        place = file.read(_SEARCHED).index(str(other).encode())
        file.seek(place)
        file.write(str(self).encode())


def without_delay(blocks: Iterator[np.ndarray], delay: int) -> Iterator[np.ndarray]:
    """Drop the first `delay` frames."""
    for block in blocks:
        if len(block) > delay:
            yield block[delay:]
        delay = max(0, delay - len(block))
