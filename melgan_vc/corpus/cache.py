"""What was computed before, keyed by the content of the files and by the settings."""

import contextlib
import hashlib
import json
import threading
from pathlib import Path

from melgan_vc.atomic import NoRoomError, replacing, sweep
from melgan_vc.config.json_file import read_json

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
        sweep(folder)

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
            # Without them files are read again, no more: a cache that cannot be written to may still be complete.
            with contextlib.suppress(OSError, NoRoomError), replacing(self._hashes_path, synced=False) as beside:
                beside.write_text(json.dumps(merged), encoding="utf-8")

    def _read_hashes(self) -> dict[str, list]:
        try:
            hashes = read_json(self._hashes_path)
        except (OSError, ValueError):
            return {}
        is_known = isinstance(hashes, dict) and all(isinstance(v, list) and len(v) == 3 for v in hashes.values())
        return hashes if is_known else {}

    def place(self, digest: str, suffix: str, **settings) -> Path:
        """Where the result of ``settings`` for the content ``digest`` belongs."""
        text = json.dumps([VERSION, digest, settings], sort_keys=True)
        key = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        return self.folder / key[:2] / (key + suffix)


def content_digest(path: Path) -> str:
    """Hash of a file's content, 32 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
