"""Title, artist and other tags: what a file says of the music, under the same names whatever its format.

What describes the encoding (encoder, gain, length, ...) or this one recording (ISRC, fingerprints) is no tag here: of
another file it would be wrong.
"""

import io
from collections.abc import Mapping
from typing import BinaryIO

import av

# fmt: off
NAMES = (
    "title", "artist", "album", "album_artist", "composer", "performer", "conductor", "genre", "date", "track",
    "disc", "comment", "description", "copyright", "license", "publisher", "lyrics", "grouping",
)
# fmt: on
"""The tags that are read and written."""

_OTHER_NAMES = {
    "author": "artist",  # AIFF
    "albumartist": "album_artist",
    "album artist": "album_artist",
    "year": "date",
    "date_released": "date",  # Matroska
    "tracknumber": "track",
    "discnumber": "disc",
}
_STREAM_TAGS = ("ogg",)  # elsewhere a stream's title is "Stereo" or "Commentary"


def known_tags(found: Mapping[str, str]) -> dict[str, str]:
    """The tags of `found` that have one of `NAMES`, in any case and by any of their names, without the empty ones.

    >>> known_tags({"ARTIST": "Bill Evans", "tracknumber": "3/12", "encoder": "LAME"})
    {'artist': 'Bill Evans', 'track': '3/12'}
    """
    tags = {}
    for name, value in found.items():
        name = _OTHER_NAMES.get(name.lower(), name.lower())
        text = _readable(value).replace("\0", "").strip()
        if name in NAMES and text:
            tags.setdefault(name, text)
    return {name: tags[name] for name in NAMES if name in tags}


def tags_of(container: av.container.InputContainer) -> dict[str, str]:
    """The tags of what FFmpeg has opened with ``metadata_errors="surrogateescape"``."""
    found = dict(container.metadata)
    if container.format.name in _STREAM_TAGS:
        for stream in container.streams:
            found = {**stream.metadata, **found}
    return known_tags(found)


def tags_in(file: BinaryIO) -> dict[str, str]:
    """The tags of a file that another library reads; its position is kept."""
    place = file.tell()
    file.seek(0)
    try:
        # The least probing: measuring the stream takes 20 ms of a WAV, and its chunks half of one.
        options = {"protocol_whitelist": "none", "probesize": "32"}
        with av.open(file, "r", options=options, metadata_errors="surrogateescape") as container:
            return tags_of(container)
    except (av.FFmpegError, OSError, ValueError):
        return {}
    finally:
        file.seek(place)


def id3_tag(tags: Mapping[str, str]) -> bytes:
    """An ID3v2.4 tag, as it stands before an MP3; nothing when there are no tags."""
    if not tags:
        return b""
    file = io.BytesIO()
    # FFmpeg writes the same tag before raw AAC, whose encoder it always has, and nothing else at its start.
    with av.open(file, "w", format="adts", options={"write_id3v2": "1", "fflags": "bitexact"}) as container:
        container.add_stream("aac", rate=44100, layout="mono")
        container.metadata.update(tags)
        container.start_encoding()
    return file.getvalue()


def _readable(text: str) -> str:
    """Text that is no UTF-8 was written on Windows, as a rule."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return text
