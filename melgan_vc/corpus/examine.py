"""One file at a time: measured, judged, made into features, each at most once."""

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from melgan_vc.atomic import replacing
from melgan_vc.audio.files import AudioFileError
from melgan_vc.audio.loudness import QUIET_GATE_DB
from melgan_vc.config.corpus import CorpusConfig
from melgan_vc.config.json_file import read_json
from melgan_vc.config.mel import MelConfig
from melgan_vc.corpus.cache import CorpusCache, content_digest
from melgan_vc.corpus.measure import Measures, measure_file
from melgan_vc.corpus.report import FileReport, SkippedFile
from melgan_vc.corpus.store import FrameFile
from melgan_vc.corpus.tables import is_whole, levelled_blocks, write_table, write_waveform
from melgan_vc.features.feature import Feature


@dataclass(frozen=True)
class Examiner:
    """The settings that all files of a folder share.

    Attributes
    ----------
    folder : Path
        Files are named relative to it.
    mel, corpus : MelConfig, CorpusConfig
        The settings.
    cache : CorpusCache or None
        Where results are kept; None keeps none.
    features : tuple of Feature
        What the frame tables hold; the log-mel comes first.
    waveforms : bool
        Whether the waveforms that features are made of are kept beside them.
    """

    folder: Path
    mel: MelConfig
    corpus: CorpusConfig
    cache: CorpusCache | None
    features: tuple[Feature, ...] = ()
    waveforms: bool = False

    def report(self, path: Path, stop: threading.Event) -> FileReport | SkippedFile:
        """What there is to say of a file."""
        try:
            digest, measures, _ = self._measured(path, stop)
        except _Unusable as error:
            return error.skipped
        return self._judged(path, digest, measures)

    def tables(self, path: Path, stop: threading.Event) -> tuple[FileReport | SkippedFile, FrameFile | None]:
        """What there is to say of a file and, if it is usable, its frame tables."""
        try:
            digest, measures, wave = self._measured(path, stop)
        except _Unusable as error:
            return error.skipped, None
        found = self._judged(path, digest, measures)
        if isinstance(found, SkippedFile):
            return found, None
        frames, samples = self.mel.frames(measures.samples), measures.samples

        def blocks() -> Iterator[np.ndarray]:
            return levelled_blocks(path, wave, measures=measures, mel=self.mel, corpus=self.corpus, stop=stop)

        tables = []
        for feature in self.features:
            shape = (frames, feature.columns)
            place = self.cache.place(digest, ".npy", **feature.cache_key, **self._levelling)
            with self._making(place, shape=shape) as beside:
                if beside:
                    write_table(beside, feature.stream(blocks()), shape=shape)
            tables.append(place.absolute())
        waveform = None
        if self.waveforms:
            waveform = self.cache.place(digest, ".npy", waveform=self.mel.rate, **self._levelling).absolute()
            with self._making(waveform, shape=(samples,)) as beside:
                if beside:
                    write_waveform(beside, blocks(), samples=samples)
        return found, FrameFile(path.absolute(), tuple(tables), frames, waveform)

    @property
    def _levelling(self) -> dict:
        return self.corpus.model_dump(include={"trim_silence", "trim_db", "level_db"})

    @contextlib.contextmanager
    def _making(self, place: Path, *, shape: tuple[int, ...]) -> Iterator[Path | None]:
        """Where to write an array; None if it is there and whole."""
        if is_whole(place, shape=shape):
            yield None
        else:
            with replacing(place, synced=False) as beside:
                yield beside

    def _measured(self, path: Path, stop: threading.Event) -> tuple[str, Measures, np.ndarray | None]:
        """Content hash, measures, and the waveform if it had to be decoded and is short."""
        if stop.is_set():
            raise CancelledError
        try:
            if self.cache is None:
                return content_digest(path), *measure_file(path, rate=self.mel.rate, corpus=self.corpus, stop=stop)
            digest = self.cache.digest(path)
            settings = self.corpus.model_dump(include={"trim_silence", "trim_db"})
            place = self.cache.place(digest, ".json", rate=self.mel.rate, **settings)
            with contextlib.suppress(OSError, ValueError, TypeError, KeyError):  # the latter: damaged
                return digest, Measures.from_json(read_json(place)), None
            measures, wave = measure_file(path, rate=self.mel.rate, corpus=self.corpus, stop=stop)
        except (AudioFileError, PermissionError) as error:  # not kept: it may be readable next time
            reason = "empty" if _is_empty(path) else "unreadable"
            raise _Unusable(self._skipped(path, reason, str(error))) from error
        with replacing(place, synced=False) as beside:
            beside.write_text(json.dumps(measures.to_json()), encoding="utf-8")
        return digest, measures, wave

    def _judged(self, path: Path, digest: str, measures: Measures) -> FileReport | SkippedFile:
        """Whether a measured file is usable."""
        used_seconds = measures.samples / self.mel.rate
        shortest = self.corpus.shortest_seconds
        if not measures.finite:
            return self._skipped(path, "NaN", "some samples are NaN or infinite")
        if measures.seconds < shortest:
            return self._skipped(path, "too short", f"{measures.seconds:.3f} s")
        if measures.level_db is None:
            return self._skipped(path, "silent", f"nothing above {QUIET_GATE_DB:g} dB")
        if used_seconds < shortest:
            return self._skipped(path, "too short", f"{used_seconds:.3f} s after trimming")
        return FileReport(
            path=path.relative_to(self.folder).as_posix(),
            digest=digest,
            rate=measures.rate,
            channels=measures.channels,
            seconds=measures.seconds,
            used_seconds=used_seconds,
            level_db=measures.level_db,
            clipped=measures.clipped,
            bandwidth_hz=measures.bandwidth_hz,
            damaged=measures.damaged,
            offset=measures.offset,
        )

    def _skipped(self, path: Path, reason: str, detail: str) -> SkippedFile:
        return SkippedFile(path.relative_to(self.folder).as_posix(), reason, detail)


def _is_empty(path: Path) -> bool:
    """Whether a file that could not be read is empty, or a header without samples."""
    try:
        return path.stat().st_size == 0 or soundfile.info(os.fsencode(path)).frames == 0
    except (OSError, soundfile.SoundFileError):
        return False


class _Unusable(Exception):
    """A file without measures, and why."""

    def __init__(self, skipped: SkippedFile):
        super().__init__(skipped.detail)
        self.skipped = skipped
