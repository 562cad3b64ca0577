"""What a vocoder learns from: waveforms, and what each is started from."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from melgan_vc.atomic import replacing
from melgan_vc.audio.mel import stream_log_mel
from melgan_vc.audio.room import Room
from melgan_vc.config.run import RunConfig
from melgan_vc.corpus.store import FrameStore
from melgan_vc.corpus.tables import is_whole, write_table, write_waveform
from melgan_vc.corpus.wave_sampler import WaveFile
from melgan_vc.methods.conversion import Conversion
from melgan_vc.vocoders.griffin_lim import GriffinLim

_VERSION = 1  # raise it when a start or a room comes out differently
_BLOCK = 1 << 18  # samples that are in memory at a time


def wave_files(
    config: RunConfig, stores: Sequence[FrameStore], console: Console, model: Conversion | None = None
) -> list[WaveFile]:
    """The files of all stores, with what the vocoder is given made or found beside their features.

    With ``rooms``, each file is there a second time, as another room would have recorded it. With a ``model`` that
    converts, each file is there once more, with the log-mels that the model makes of it.
    """
    numbered = [(store, index) for store in stores for index in range(len(store))]
    if not (config.method.has_start or config.method.rooms) and model is None:
        return [_plain(store, index, config) for store, index in numbered]
    digest = model.digest if model else ""  # of all its weights: once, not for each file
    shown = track(numbered, "what the vocoder is given", console=console, disable=console.quiet, transient=True)
    files = []
    for store, index in shown:
        files.append(_plain(store, index, config))
        if config.method.rooms:
            files.append(_in_a_room(store, index, config))
        if model is not None:
            files.append(_converted(store, index, config, model, digest))
    return files


def _plain(store: FrameStore, index: int, config: RunConfig) -> WaveFile:
    file = store.files[index]
    start = _start(file.log_mel, file.frames, lambda: np.asarray(store[index], np.float32), config)
    return WaveFile(file.waveform, file.frames, start)


def _in_a_room(store: FrameStore, index: int, config: RunConfig) -> WaveFile:
    """A file as another room and microphone would have recorded it; the same for the same file."""
    file = store.files[index]
    place = file.waveform.with_name(f"{file.waveform.stem}-room-{_VERSION}.npy")
    wave = np.load(file.waveform, mmap_mode="r")
    if not is_whole(place, shape=wave.shape):
        room = Room.draw(zlib.crc32(file.waveform.stem.encode()), rate=config.mel.rate)
        with replacing(place, synced=False) as partial:
            write_waveform(partial, room.stream(_blocks(wave)), samples=len(wave))
    start = _start(place, file.frames, lambda: _log_mel_of(place, config), config)
    return WaveFile(place, file.frames, start)


def _log_mel_of(waveform: Path, config: RunConfig) -> np.ndarray:
    return np.concatenate([*stream_log_mel(_blocks(np.load(waveform, mmap_mode="r")), config.mel)])


def _blocks(wave: np.ndarray) -> Iterator[np.ndarray]:
    return (wave[first : first + _BLOCK].astype(np.float32) for first in range(0, len(wave), _BLOCK))


def _converted(store: FrameStore, index: int, config: RunConfig, model: Conversion, digest: str) -> WaveFile:
    """A file as a model makes it of what it should give back."""
    file = store.files[index]
    place = file.log_mel.with_name(f"{file.log_mel.stem}-by-{digest}.npy")
    if not is_whole(place, shape=(file.frames, config.mel.n_mels)):
        mel = np.asarray(store[index], np.float32)
        made = model.whole(model.identity_input(mel))
        with replacing(place, synced=False) as partial:
            write_table(partial, [made], shape=made.shape)
    start = _start(place, file.frames, lambda: np.load(place).astype(np.float32), config)
    return WaveFile(file.waveform, file.frames, start, features=place)


def _start(features: Path, frames: int, log_mel: Callable[[], np.ndarray], config: RunConfig) -> Path | None:
    """The starting waveform of features, where the generator has one: ``(frames * hop_length,)``, float16."""
    if not config.method.has_start:
        return None
    iterations, shape = config.method.start_iterations, (frames * config.mel.hop_length,)
    # Features are named after what they were made of and how, so their name is enough for what is made of them.
    place = features.with_name(f"{features.stem}-start-{iterations}-{_VERSION}.npy")
    if not is_whole(place, shape=shape):
        with replacing(place, synced=False) as partial:
            pieces = GriffinLim.on_best_device(config.mel, iterations=iterations).stream([log_mel()])
            write_waveform(partial, pieces, samples=shape[0])
    return place
