"""Download over HTTP with resumption and checksums, and unpack archives without trusting their file names."""

import json
import shutil
import tarfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from pathlib import Path, PurePosixPath

from framework import MelganVcError
from recipe import console, sha256_of, written_beside
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

BLOCK = 1 << 18
"""Bytes read at a time."""

TIMEOUT = 60.0
"""Seconds without a byte after which a connection counts as broken."""

ATTEMPTS = 5
"""Connections tried before giving up; each goes on where the one before broke off."""


def download(url: str, target: Path, sha256: str | None = None, attempts: int = ATTEMPTS) -> Path:
    """Download a file, once: resume a partial one, verify a complete one.

    The part is kept as ``NAME.part`` beside `target` until it is whole and verified. Where no checksum is
    known, the first download's is recorded in ``checksums.json`` beside it and every later use is held
    against that.

    Parameters
    ----------
    url : str
        Where from (http or https).
    target : Path
        Where to.
    sha256 : str, optional
        Expected checksum, 64 hexadecimal digits.
    attempts : int
        Connections to try.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    MelganVcError
        When the server cannot be reached, the file stays incomplete, or its checksum differs.
    """
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        _fetch(url, part, attempts)
        if sha256 and (received := sha256_of(part)) != sha256:
            part.unlink()
            raise MelganVcError(
                f"Expected SHA-256 {sha256} for {url}, received: {received}. The download was deleted; run the "
                "recipe again, and if this happens twice, the file on the server has changed."
            )
        part.replace(target)
        _version_file(part).unlink(missing_ok=True)
    verify(target, sha256)
    return target


def verify(path: Path, sha256: str | None = None) -> None:
    """Hold a file against a known checksum, or against the one of its first use (recorded now if there is none).

    Raises
    ------
    MelganVcError
        When the checksums differ.
    """
    record = path.parent / "checksums.json"
    recorded = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    received = sha256_of(path)
    expected = sha256 or recorded.get(path.name, received)
    if received != expected:
        raise MelganVcError(
            f"Expected SHA-256 {expected} for {path}, received: {received}. The file was damaged or replaced: delete "
            f"it and run the recipe again. If the file on the server has changed, delete its line in {record} too."
        )
    if recorded.get(path.name) != received:
        recorded[path.name] = received
        with written_beside(record) as beside:
            beside.write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _fetch(url: str, part: Path, attempts: int) -> None:
    """Fill `part` to its full length, over several connections if need be."""
    problem = ""
    for _ in range(attempts):
        try:
            if _fetch_once(url, part):
                return
            problem = "the connection closed before the end"
        except urllib.error.HTTPError as error:
            raise MelganVcError(
                f"The server answered {error.code} ({error.reason}) for {url}. Find out where the file lives now "
                "and name that address with --url."
            ) from error
        except (OSError, HTTPException) as error:
            problem = str(error) or type(error).__name__
    raise MelganVcError(
        f"Could not download {url} in {attempts} attempts ({problem}). Check the connection and run the recipe "
        "again: it goes on where it stopped."
    )


def _fetch_once(url: str, part: Path) -> bool:
    """Append what one connection gives; return whether `part` is now whole."""
    have = part.stat().st_size if part.exists() else 0
    version = _version_file(part)
    request = urllib.request.Request(url, headers={"User-Agent": "melgan_vc-datasets"})
    if have:
        request.add_header("Range", f"bytes={have}-")
        if version.exists():
            # If the file on the server has changed since, it sends the whole new one instead of a mixture.
            request.add_header("If-Range", version.read_text(encoding="utf-8"))
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code != 416:
            raise
        # Nothing is left to send: the part is whole, or longer than the file and therefore of no use.
        if error.headers.get("Content-Range", "").endswith(f"/{have}"):
            return True
        part.unlink()
        return False
    with response:
        resumed = response.status == 206
        have = have if resumed else 0
        if validator := response.headers.get("ETag") or response.headers.get("Last-Modified"):
            version.write_text(validator, encoding="utf-8")
        length = response.headers.get("Content-Length")
        total = have + int(length) if length else None
        with open(part, "ab" if resumed else "wb") as file:
            _copy(response, file.write, have, total, part.stem)
    return total is None or part.stat().st_size == total


def _copy(response: HTTPResponse, write: Callable, have: int, total: int | None, name: str) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(name, completed=have, total=total)
        while block := response.read(BLOCK):
            write(block)
            bar.advance(task, len(block))


def _version_file(part: Path) -> Path:
    """Where the server's name for the version of a partial file is kept."""
    return part.with_name(part.name + ".version")


def extract(archive: Path, folder: Path, wanted: Callable[[str], bool] = lambda name: True) -> Path:
    """Unpack a tar or zip archive, whole or not at all.

    Parameters
    ----------
    archive : Path
        ``.zip``, ``.tar``, ``.tar.gz``, ``.tar.bz2`` or ``.tar.xz``.
    folder : Path
        New folder to unpack into; when it exists, the archive was unpacked before and nothing happens.
    wanted : callable
        Whether to unpack a member, by its name.

    Returns
    -------
    Path
        `folder`.

    Raises
    ------
    MelganVcError
        When the archive is damaged or names a file outside of `folder`; nothing is left behind then.
    """
    if folder.exists():
        return folder
    unfinished = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    console.print(f"Unpacking {archive.name}")
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as opened:
                names = [name for name in opened.namelist() if wanted(name)]
                for name in names:
                    _refuse_escape(name, archive)
                opened.extractall(unfinished, names)
        else:
            with tarfile.open(archive) as opened:
                members = [member for member in opened if wanted(member.name)]
                for member in members:
                    _refuse_escape(member.name, archive)
                # The filter also refuses links and devices that lead outside.
                opened.extractall(unfinished, members, filter="data")
        unfinished.rename(folder)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise MelganVcError(
            f"Cannot unpack {archive} ({error}). Delete it and run the recipe again; if it was given with "
            "--archive, name another file."
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _refuse_escape(name: str, archive: Path) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):
        raise MelganVcError(
            f"{archive} holds a file that would be written outside of its folder: {name!r}. Do not use this archive."
        )
