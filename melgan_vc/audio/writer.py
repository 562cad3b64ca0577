"""Write any sound file, as a stream of blocks; the file appears when it is whole, or not at all."""

import contextlib
import errno
import fcntl
import os
import shutil
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
import soundfile

from melgan_vc.atomic import make_folder, sync
from melgan_vc.audio.encoders import PyavEncoder, RecordingFile, SoundfileEncoder
from melgan_vc.audio.formats import OUTPUT_FORMATS, AudioFileError, output_format, shown
from melgan_vc.audio.resample import Resampler
from melgan_vc.audio.tags import known_tags
from melgan_vc.errors import did_you_mean

_FOUR_GIGABYTES = 2**32 - 2**16  # what a 32-bit length can say, less some room for the header
_BYTES = {"PCM_U8": 1, "PCM_S8": 1, "ULAW": 1, "ALAW": 1, "PCM_16": 2, "PCM_24": 3, "DOUBLE": 8}
_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is larger than the system allows",
    errno.EACCES: "there is no permission to write there",
    errno.EPIPE: "the program that reads it has gone",
}
_LIBRARY_ERRORS = (OSError, soundfile.SoundFileError, av.FFmpegError, AssertionError)


class AudioWriter:
    """A sound file written block by block, in constant memory, through a context manager.

    The extension chooses the format (`OUTPUT_FORMATS`). The sound goes to a hidden file beside the target,
    which takes the target's name when the block ends well; after an error or an interrupt nothing is left
    behind.

    Parameters
    ----------
    target : path or binary file
        Missing parent folders are created. A binary file such as ``sys.stdout.buffer`` receives a WAV file;
        because its header states the length, the sound is gathered in a temporary file first and copied at
        the end.
    rate : int
        Sampling rate of the blocks, in hertz. A format that cannot hold it (Opus knows five rates, MP3 nine)
        gets the next higher rate that it can hold, or its highest, by resampling; see `rate_written`.
    channels : int
    subtype : str, optional
        Sample format, such as 'PCM_24' or 'FLOAT'. The default is 16 bits for WAV, AIFF and FLAC.
    overwrite : bool
        Replace an existing target. Without it, an existing target is refused at the start, and again at the
        end.
    tags : mapping of str to str, optional
        Title, artist and so on, by the names of `tags.NAMES`. What the format cannot hold is left out.

    Attributes
    ----------
    rate_written : int
        Sampling rate of the file, in hertz.
    frames_written : int
        Frames so far, at `rate_written`.
    clipped : int
        Samples beyond [-1, 1] so far, over all channels, that were limited to it (counted at `rate_written`).
        Float subtypes keep them.

    Raises
    ------
    AudioFileError
        When the target exists, its extension is unknown, the format cannot hold what is asked, samples are no
        finite floats, nothing was written, or the disk refuses (full, no permission, ...).

    Notes
    -----
    A WAV that outgrows 4 GB turns into an RF64, the standard's own extension, under the same name; that takes the
    room of a second copy for a moment. AIFF has no such extension: the error comes at 4 GB. Raw AAC (``.aac``) has
    no place for its length: a tag before it says it, which `AudioReader` follows and most players do not; those
    play the encoder's delay (1024 frames) and its padding too.

    Examples
    --------
    >>> with AudioWriter("out.flac", rate=44100, channels=1) as out:  # doctest: +SKIP
    ...     out.write(np.zeros(44100, np.float32))
    """

    def __init__(
        self,
        target: str | os.PathLike | BinaryIO,
        *,
        rate: int,
        channels: int,
        subtype: str | None = None,
        overwrite: bool = False,
        tags: Mapping[str, str] | None = None,
    ):
        self._to_path = isinstance(target, str | os.PathLike)
        # The real path, so that a link keeps pointing at what is replaced.
        self._target = Path(os.path.realpath(target)) if self._to_path else target
        self._name = shown(target) if self._to_path else getattr(target, "name", "the stream")
        self._overwrite = overwrite
        self._tags = known_tags(tags or {})
        self._format = output_format(target) if self._to_path else OUTPUT_FORMATS[".wav"]
        self._subtype = self._checked_subtype(subtype)
        self._check_channels(channels)
        if rate < 1:
            raise AudioFileError(f"Expected a sampling rate of at least 1 Hz, received: {rate}")
        self.rate, self.channels = rate, channels
        self.rate_written = self._format.nearest_rate(rate)
        self.clipped = self.frames_written = self._frames_received = 0
        self._resampler = Resampler(rate, self.rate_written, channels)
        self._file = self._encoder = self._temporary = self._lock = None
        self._refuse_existing()

    def __enter__(self) -> "AudioWriter":
        try:
            if self._to_path:
                make_folder(self._target.parent)
            self._open_temporary()
        except _LIBRARY_ERRORS as error:
            raise self._failure(error) from None
        return self

    def write(self, block: np.ndarray) -> None:
        """Append a block.

        Parameters
        ----------
        block : np.ndarray, shape (frames, channels), or (frames,) for one channel; floats
            At `rate`, in [-1, 1] unless the subtype is a float.
        """
        block = self._checked_block(block)
        self._frames_received += len(block)
        self._encode(self._resampler.process(block))

    def __exit__(self, kind, error, traceback) -> None:
        if kind is not None:
            self._discard()
            return
        try:
            self._encode(self._resampler.process(np.zeros((0, self.channels), np.float32), last=True))
            if not self.frames_written:
                raise AudioFileError(f"Expected at least one sample to write to {self._name}, received none")
            self._close_temporary()
            self._deliver()
        except _LIBRARY_ERRORS as failure:
            raise self._failure(failure) from None
        finally:
            self._discard()

    def _checked_subtype(self, subtype: str | None) -> str:
        allowed = self._format.subtypes
        if subtype is None:
            return allowed[0]
        if subtype.upper() not in allowed:
            raise AudioFileError(
                f"Expected a subtype among {', '.join(allowed)} for {self._name}, received: {subtype}"
                f"{did_you_mean(subtype.upper(), allowed)}"
            )
        return subtype.upper()

    def _check_channels(self, channels: int) -> None:
        allowed = self._format.channels
        if channels not in allowed:
            counts = f"1 to {allowed[-1]}" if isinstance(allowed, range) else ", ".join(map(str, allowed))
            raise AudioFileError(
                f"Expected {counts} channels for {self._name}, received: {channels}; use .wav or mix down"
            )

    def _refuse_existing(self) -> None:
        if not self._to_path:
            return
        if self._target.is_dir():
            raise AudioFileError(f"Expected a file to write, received: {self._name} (it is a folder)")
        if not self._overwrite and os.path.lexists(self._target):
            raise AudioFileError(
                f"Expected a new file, received: {self._name} (it exists already; choose another name, or replace "
                "it with --force)"
            )

    def _open_temporary(self) -> None:
        # FileIO's own creation, not tempfile's: the file gets the permissions that the umask grants.
        folder = self._target.parent if self._to_path else Path(tempfile.gettempdir())
        temporary = folder / f".{uuid.uuid4().hex}.part"
        self._file, self._temporary = RecordingFile(temporary, "x+"), temporary
        # What nobody has locked, a killed process has left. The lock lasts until the file has its name.
        self._lock = os.fdopen(os.dup(self._file.fileno()), "rb")
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        encoder = SoundfileEncoder if self._format.library == "soundfile" else PyavEncoder
        self._encoder = encoder(self._file, self._format, self._subtype, self.rate_written, self.channels, self._tags)

    def _close_temporary(self) -> None:
        self._encoder.close()
        self._file.close()
        if self._file.error:
            raise self._file.error

    def _deliver(self) -> None:
        if self._to_path:
            self._refuse_existing()
            sync(self._temporary)
            os.replace(self._temporary, self._target)
            sync(self._target.parent)
            return
        with open(self._temporary, "rb") as whole:
            shutil.copyfileobj(whole, self._target, 2**20)
        self._target.flush()

    def _checked_block(self, block: np.ndarray) -> np.ndarray:
        if self._encoder is None:
            raise AudioFileError(
                f"Expected {self._name} to be open for writing; write inside `with AudioWriter(...)`"
            )
        block = np.asarray(block)
        if block.ndim == 1 and self.channels == 1:
            block = block[:, None]
        if block.ndim != 2 or block.shape[1] != self.channels or block.dtype.kind != "f":
            raise AudioFileError(
                f"Expected floats of shape (frames, {self.channels}) for {self._name}, "
                f"received: {block.dtype} of shape {block.shape}"
            )
        finite = np.isfinite(block)
        if not finite.all():
            seconds = (self._frames_received + np.argwhere(~finite)[0, 0]) / self.rate
            raise AudioFileError(
                f"Expected finite samples for {self._name}, received: NaN or infinity at {seconds:.3f} s"
            )
        return block.astype(np.float32, copy=False)

    def _encode(self, block: np.ndarray) -> None:
        try:
            if self._subtype not in ("FLOAT", "DOUBLE"):
                self.clipped += int(np.count_nonzero(np.abs(block) > 1))
                block = np.clip(block, -1, 1)
            self.frames_written += len(block)
            self._mind_four_gigabytes()
            self._encoder.write(block)
            if self._file.error:
                raise self._file.error
        except _LIBRARY_ERRORS as error:
            raise self._failure(error) from None

    def _mind_four_gigabytes(self) -> None:
        size = self.frames_written * self.channels * _BYTES.get(self._subtype, 4)
        if size <= _FOUR_GIGABYTES or self._format.container not in ("WAV", "AIFF"):
            return
        if self._format.container == "AIFF":
            self._discard()
            raise AudioFileError(
                f"Could not write {self._name}: AIFF holds at most 4 GB; write to .wav or .flac; "
                "the half-written file was removed"
            )
        self._close_temporary()
        small = self._temporary
        try:
            self._format = OUTPUT_FORMATS[".rf64"]
            self._open_temporary()
            with soundfile.SoundFile(os.fspath(small)) as written:
                for block in written.blocks(2**16, dtype="float32", always_2d=True):
                    self._encoder.write(block)
        finally:
            small.unlink()

    def _failure(self, error: BaseException) -> AudioFileError:
        """Clean up, and say what happened."""
        cause = self._file.error if self._file is not None and self._file.error else error
        began = self._temporary is not None
        self._discard()
        system = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
        known = _REASONS.get(getattr(cause, "errno", None))
        reason = f"{known} ({system})" if known else system
        removed = "; the half-written file was removed" if began else ""
        return AudioFileError(f"Could not write {self._name}: {reason}{removed}")

    def _discard(self) -> None:
        """Close and remove what was not delivered; safe to call again."""
        for open_thing in (self._encoder, self._file):
            if open_thing is not None:
                with contextlib.suppress(Exception):
                    open_thing.close()
        if self._temporary is not None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._temporary)
        if self._lock is not None:
            self._lock.close()
        self._encoder = self._temporary = self._lock = None
