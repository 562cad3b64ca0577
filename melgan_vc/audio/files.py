"""Sound files of any format: read, write, stream, find. This is the module to import."""

from melgan_vc.audio.find import find_audio
from melgan_vc.audio.formats import EXTENSIONS, AudioFileError
from melgan_vc.audio.reader import AudioInfo, AudioReader, inspect, read
from melgan_vc.audio.resample import Resampler
from melgan_vc.audio.writer import AudioWriter

__all__ = [
    "EXTENSIONS",
    "AudioFileError",
    "AudioInfo",
    "AudioReader",
    "AudioWriter",
    "Resampler",
    "find_audio",
    "inspect",
    "read",
]
