"""What was computed before, keyed by the content of the files and by the settings."""

import contextlib
import hashlib
import json
import threading
import time
from pathlib import Path

from melgan_vc.atomic import replacing

VERSION = 1  # raise it when measures or features of the same file and settings come out differently


class CorpusCache:
    """A folder of measures and features; it can be deleted at any time, and is always consistent.

    Everything is written beside its place and renamed into it, so an interrupted run leaves only whole
    entries, and the next one goes on from there.

    Parameters
    ----------
    folder : Path
        Created if need be.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self._hashes_path = folder / "hashes.json"
        self._hashes = self._read_hashes()
        self._lock = threading.Lock()
        self._sweep()

    def _sweep(self) -> None:
        """Delete what killed runs left half-written; a day old, so that no running one is meant."""
        for left in (*self.folder.rglob(".partial-*"), *self.folder.rglob(".writing-*")):  # the latter until 0.1
            with contextlib.suppress(FileNotFoundError):
                if left.stat().st_mtime < time.time() - 86400.0:
                    left.unlink()

    def digest(self, path: Path) -> str:
        """Hash of a file's content; the file is read only if its size or time changed since."""
        stat = path.stat()
        name, state = str(path.absolute()), [stat.st_size, stat.st_mtime_ns]
        with self._lock:
            known = self._hashes.get(name)
        if known is not None and known[:2] == state:
            return known[2]
        digest = content_digest(path)
        with self._lock:
            self._hashes[name] = [*state, digest]
        return digest

    def save_hashes(self) -> None:
        """Remember the content hashes, with those that another run saved meanwhile."""
        with self._lock:
            merged = {**self._read_hashes(), **self._hashes}
            with replacing(self._hashes_path) as beside:
                beside.write_text(json.dumps(merged), encoding="utf-8")

    def _read_hashes(self) -> dict[str, list]:
        try:
            return json.loads(self._hashes_path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}

    def place(self, digest: str, suffix: str, **settings) -> Path:
        """Where the result of ``settings`` for the content ``digest`` belongs."""
        text = json.dumps([VERSION, digest, settings], sort_keys=True)
        key = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        return self.folder / key[:2] / (key + suffix)


def content_digest(path: Path) -> str:
    """Hash of a file's content, 32 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
