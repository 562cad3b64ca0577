"""What a file name promises: the extensions that are looked for, and what each writable format can hold."""

import os
from dataclasses import dataclass
from pathlib import Path

from melgan_vc.errors import MelganVcError, did_you_mean


class AudioFileError(MelganVcError):
    """A sound file (or the place for one) that cannot be used; the sentence names the file and the reason."""


# fmt: off
EXTENSIONS = (
    ".wav", ".wave", ".w64", ".rf64", ".aif", ".aiff", ".aifc", ".au", ".snd", ".caf", ".flac",
    ".ogg", ".oga", ".opus", ".mp2", ".mp3", ".m4a", ".m4b", ".aac", ".ac3", ".amr", ".ape",
    ".g722", ".mka", ".mpc", ".spx", ".tta", ".voc", ".wma", ".wv",
    ".3gp", ".avi", ".flv", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ogv", ".webm",
    ".wmv",
)
# fmt: on
"""Lower-case extensions of sound files and of videos whose sound track can be read."""

# FFmpeg's names for a number of channels. The counts left out (5 and 7) come back from Opus and AAC in
# another order, or without one: a test with uncorrelated channels showed it.
CHANNEL_LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 6: "5.1", 8: "7.1"}


@dataclass(frozen=True)
class OutputFormat:
    """What can be written under one extension.

    Attributes
    ----------
    library : {'soundfile', 'pyav'}
        Who writes it.
    container : str
        libsndfile's major format, or FFmpeg's muxer.
    subtypes : tuple of str
        Sample formats or codecs, the default first.
    channels : tuple of int or range
        The channel counts it carries.
    rates : tuple of int or range
        The sampling rates it carries, in hertz.
    """

    library: str
    container: str
    subtypes: tuple[str, ...]
    channels: tuple[int, ...] | range
    rates: tuple[int, ...] | range

    def nearest_rate(self, rate: int) -> int:
        """The lowest allowed rate that loses nothing of `rate`, or the highest there is."""
        if rate in self.rates:
            return rate
        candidates = self.rates[-1:] if isinstance(self.rates, range) else self.rates
        return min((r for r in candidates if r >= rate), default=candidates[-1])


_ANY_RATE = range(1, 2**31 - 1)
_WAV = ("PCM_16", "PCM_U8", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW")
# No 8-bit AIFF: libsndfile 1.2.2 counts the padding byte of an odd length as a sample.
_AIFF = ("PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")
_MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)
_OPUS_RATES = (8000, 12000, 16000, 24000, 48000)
_LAYOUTS = tuple(CHANNEL_LAYOUTS)

OUTPUT_FORMATS = {
    ".wav": OutputFormat("soundfile", "WAV", _WAV, range(1, 1025), _ANY_RATE),
    ".w64": OutputFormat("soundfile", "W64", _WAV, range(1, 1025), _ANY_RATE),
    ".rf64": OutputFormat("soundfile", "RF64", _WAV, range(1, 1025), _ANY_RATE),
    ".aiff": OutputFormat("soundfile", "AIFF", _AIFF, range(1, 1025), _ANY_RATE),
    ".aif": OutputFormat("soundfile", "AIFF", _AIFF, range(1, 1025), _ANY_RATE),
    ".flac": OutputFormat("soundfile", "FLAC", ("PCM_16", "PCM_S8", "PCM_24"), range(1, 9), range(1, 655351)),
    # libsndfile 1.2.2 does not refuse Vorbis above 200 kHz or 255 channels: it crashes the process.
    ".ogg": OutputFormat("soundfile", "OGG", ("VORBIS",), range(1, 256), range(1, 200001)),
    ".opus": OutputFormat("soundfile", "OGG", ("OPUS",), range(1, 256), _OPUS_RATES),
    ".mp3": OutputFormat("soundfile", "MP3", ("MPEG_LAYER_III",), range(1, 3), _MP3_RATES),
    ".m4a": OutputFormat("pyav", "ipod", ("AAC",), _LAYOUTS, _AAC_RATES),
    ".aac": OutputFormat("pyav", "adts", ("AAC",), _LAYOUTS, _AAC_RATES),
    ".webm": OutputFormat("pyav", "webm", ("OPUS",), _LAYOUTS, (48000,)),  # as it is always decoded
}
"""Extension to what is written under it."""


def output_format(target: str | Path) -> OutputFormat:
    """The format that the extension of `target` stands for.

    Raises
    ------
    AudioFileError
        When the extension is unknown or missing.
    """
    extension = Path(target).suffix.lower()
    if extension in OUTPUT_FORMATS:
        return OUTPUT_FORMATS[extension]
    raise AudioFileError(
        f"Expected a file name that ends in one of {' '.join(OUTPUT_FORMATS)}, "
        f"received: {shown(target)}{did_you_mean(extension, OUTPUT_FORMATS)}"
    )


def shown(path: str | os.PathLike) -> str:
    """A path as it can be printed: a name that is not UTF-8 keeps its odd bytes as escapes."""
    return os.fspath(path).encode("utf-8", "backslashreplace").decode()
