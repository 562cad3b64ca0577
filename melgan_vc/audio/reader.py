"""Read any sound file, whole or as a stream of blocks, at any rate."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from melgan_vc.audio.channels import mono_mix
from melgan_vc.audio.decoders import open_decoder
from melgan_vc.audio.formats import AudioFileError, shown
from melgan_vc.audio.rates import whole_rate
from melgan_vc.audio.resample import Resampler
from melgan_vc.errors import did_you_mean


@dataclass(frozen=True)
class AudioInfo:
    """What the header of a file says; only decoding tells the truth.

    Attributes
    ----------
    path : Path
    rate : int
        Sampling rate in hertz.
    channels : int
    frames : int or None
        Samples per channel; None when only decoding tells (MP3, AAC, videos, ...).
    seconds : float or None
        Length, for compressed formats an estimate; None when the header has none.
    format, subtype : str
        Container and sample format or codec, such as 'WAV' and 'PCM_16', or 'MOV' and 'AAC'.
    """

    path: Path
    rate: int
    channels: int
    frames: int | None
    seconds: float | None
    format: str
    subtype: str


def inspect(path: str | os.PathLike) -> AudioInfo:
    """Read the header of a file (see `AudioReader` for the errors).

    >>> inspect("song.flac").rate  # doctest: +SKIP
    44100
    """
    with AudioReader(path) as reader:
        d = reader._decoder
        return AudioInfo(Path(path), d.rate, d.channels, d.frames, d.seconds, d.format, d.subtype)


def read(
    path: str | os.PathLike | BinaryIO,
    *,
    rate: int | None = None,
    mono: bool = False,
    allow_nan: bool = False,
) -> tuple[np.ndarray, int]:
    """Read a whole file.

    Parameters
    ----------
    path : path or binary file
        What to read.
    rate : int, optional
        Sampling rate wanted, in hertz; the file's own by default.
    mono : bool
        Give one channel, see `melgan_vc.audio.channels.mono_mix`.
    allow_nan : bool
        Let NaN and infinity in a float file pass.

    Returns
    -------
    waveform : np.ndarray, float32, shape (frames, channels), or (frames,) with `mono`
        In [-1, 1], except for a float file that goes beyond.
    rate : int
        Its sampling rate in hertz.

    Raises
    ------
    AudioFileError
        As `AudioReader`.
    """
    with AudioReader(path, rate=rate, allow_nan=allow_nan) as reader:
        waveform = np.concatenate([*reader.blocks()])
        return mono_mix(waveform, reader.rate) if mono else waveform, reader.rate


class AudioReader:
    """A sound file as a stream of blocks, in constant memory.

    WAV, AIFF, CAF, AU, W64 and Ogg (Vorbis, Opus) go through libsndfile; FLAC, MP3, AAC, the sound of a video
    and everything else go through FFmpeg. A file that was cut off, or whose header claims a wrong length,
    gives what is there. The delay and padding that a lossy encoder adds are removed where the container
    records them (MP3 with a LAME header, M4A, Opus, Vorbis, WebM; raw AAC only with the tag iTunSMPB).

    Ogg files that were joined are read to the end, at the rate and with the channels of the first. Where the
    sound of a video, or of an MP4, Matroska or WebM file, starts late or has a hole, silence of the same length
    comes out; a hole of more than ten minutes is taken for a wrong timestamp and left out, and all together are
    filled up to an hour.

    Parameters
    ----------
    source : path or binary file
        A pipe (standard input, say) is first copied to a temporary file on disk, because most formats need to
        seek; set ``TMPDIR`` to choose where. A file object is read from its present position and not closed.
    rate : int, optional
        Sampling rate wanted, in hertz; the file's own by default.
    allow_nan : bool
        Let NaN and infinity in a float file pass. Resampling spreads them.

    Attributes
    ----------
    rate, source_rate : int
        Sampling rate of what comes out, and of the file, in hertz.
    channels : int
    frames_read : int
        Frames decoded so far, at the source rate. At the end it is the file's true length.
    damaged : int
        Packets that could not be decoded so far, and were left out; also whole links of a joined Ogg file.
    tags : dict of str to str
        Title, artist and so on, by the names of `tags.NAMES`; those of the first link of a joined Ogg file.

    Raises
    ------
    AudioFileError
        When the file is missing, a folder, unreadable, empty, no audio, or without a sound track; while
        reading, when it holds NaN or infinity.

    Examples
    --------
    >>> with AudioReader("song.mp3", rate=22050) as song:  # doctest: +SKIP
    ...     frames = sum(len(block) for block in song.blocks())
    """

    def __init__(self, source: str | os.PathLike | BinaryIO, *, rate: int | None = None, allow_nan: bool = False):
        rate = None if rate is None else whole_rate(rate)
        self._allow_nan = allow_nan
        self.frames_read = 0
        self._started = False
        self._file, self._owns_file, self._name = _open_source(source)
        try:
            self._decoder = open_decoder(self._file, self._name)
        except BaseException:
            self._close_file()
            raise
        self.source_rate, self.channels = self._decoder.rate, self._decoder.channels
        self.tags = dict(self._decoder.tags)
        self.rate = rate or self.source_rate

    @property
    def damaged(self) -> int:
        return self._decoder.damaged

    def blocks(self, frames: int = 65536) -> Iterator[np.ndarray]:
        """The sound in order, once.

        Parameters
        ----------
        frames : int
            Length of a block at the output rate.

        Yields
        ------
        np.ndarray, shape (frames, channels), float32
            Every block has exactly `frames` frames but the last, which has 1 to `frames`. All together have
            ``floor(frames_read * rate / source_rate + 1 / 2)``, however the sound is cut into blocks.
        """
        if frames < 1:
            raise AudioFileError(f"Expected blocks of at least 1 frame, received: frames={frames}")
        if self._started:
            raise AudioFileError(f"Expected {self._name} to be read once; open it again to start over")
        self._started = True
        return self._cut(frames)

    def _cut(self, frames: int) -> Iterator[np.ndarray]:
        parts, waiting, ready = [], 0, 0
        for part in self._resampled():
            parts.append(part)
            waiting += len(part)
            if waiting < frames:
                continue
            joined = np.concatenate(parts)
            whole = waiting - waiting % frames
            for start in range(0, whole, frames):
                yield joined[start : start + frames]
            parts, waiting, ready = [joined[whole:].copy()], waiting - whole, ready + whole
        if waiting:
            yield np.concatenate(parts)
        elif not ready:
            raise AudioFileError(
                f"Expected an audio file, received: {self._name} (it holds {self.frames_read} frames at "
                f"{self.source_rate} Hz, which is no sound at {self.rate} Hz)"
            )

    def _resampled(self) -> Iterator[np.ndarray]:
        resampler = Resampler(self.source_rate, self.rate, self.channels)
        for block in self._decoder.blocks():
            if not self._allow_nan:
                self._refuse_nan(block)
            self.frames_read += len(block)
            yield resampler.process(block)
        yield resampler.process(np.zeros((0, self.channels), np.float32), last=True)

    def _refuse_nan(self, block: np.ndarray) -> None:
        finite = np.isfinite(block)
        if not finite.all():
            frame, channel = np.argwhere(~finite)[0]
            raise AudioFileError(
                f"Expected finite samples in {self._name}, received: {block[frame, channel]} in channel "
                f"{channel + 1} at {(self.frames_read + frame) / self.source_rate:.3f} s; repair the file"
            )

    def close(self) -> None:
        """Close the file (a file object that was handed in stays open)."""
        self._decoder.close()
        self._close_file()

    def _close_file(self) -> None:
        if self._owns_file:
            self._file.close()

    def __enter__(self) -> "AudioReader":
        return self

    def __exit__(self, *exception) -> None:
        self.close()


def _open_source(source: str | os.PathLike | BinaryIO) -> tuple[BinaryIO, bool, str]:
    """A seekable binary file at its start, whether we must close it, and its name for messages."""
    if isinstance(source, str | os.PathLike):
        file, owned, name = _open_path(source), True, shown(source)
    else:
        label = getattr(source, "name", None)
        file, owned, name = source, False, shown(label) if isinstance(label, str) else "the stream"
    if file.seekable() and file.tell() == 0:
        return file, owned, name
    spooled = tempfile.TemporaryFile()
    try:
        shutil.copyfileobj(file, spooled, 2**20)
        spooled.seek(0)
    except (OSError, TypeError) as error:
        spooled.close()
        raise AudioFileError(f"Expected bytes of an audio file from {name}, received: {error}") from None
    finally:
        if owned:
            file.close()
    return spooled, True, name


def _open_path(path: str | os.PathLike) -> BinaryIO:
    reason = ""
    try:
        if os.path.isdir(path):
            reason = "it is a folder"
        else:
            return open(path, "rb")
    except FileNotFoundError:
        reason = "it does not exist" + _nearest_sibling(Path(path))
    except PermissionError:
        reason = "there is no permission to read it"
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error)
    raise AudioFileError(f"Expected an audio file, received: {shown(path)} ({reason})")


def _nearest_sibling(path: Path) -> str:
    try:
        return did_you_mean(shown(path.name), map(shown, os.listdir(path.parent)))
    except OSError:
        return "; nor does its folder"
