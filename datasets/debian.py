"""Fetch the data inside a Debian package without installing it and without its dependencies."""

import shutil
import subprocess
from pathlib import Path

from framework import MelganVcError
from recipe import console, sha256_of


def fetch_package(name: str, cache: Path) -> Path:
    """Download and unpack a Debian package into the cache, once.

    ``apt-get download`` checks the package against the signed index; the SHA-256 is recorded beside it,
    and a file that was put into the cache by hand (``cache/NAME_*.deb``) is used without any download.

    Parameters
    ----------
    name : str
        Package name, such as ``"festvox-ru"``.
    cache : Path
        Folder for downloads.

    Returns
    -------
    Path
        The folder that holds the package's ``usr/``.
    """
    root = cache / name
    complete = root / ".complete"
    if complete.exists():
        return root
    cache.mkdir(parents=True, exist_ok=True)
    archive = next(iter(sorted(cache.glob(f"{name}_*.deb"))), None) or _download(name, cache)
    if shutil.which("dpkg") is None:
        raise MelganVcError(
            f"Expected the program dpkg to unpack {archive.name}, found none. Install dpkg (on macOS: 'brew install "
            "dpkg'), or run this recipe on Debian or Ubuntu or in a debian container."
        )
    console.print(f"Unpacking {archive.name} ({archive.stat().st_size / 1e6:.0f} MB)")
    unfinished = cache / f".{name}.part"
    shutil.rmtree(unfinished, ignore_errors=True)
    done = subprocess.run(["dpkg", "-x", str(archive), str(unfinished)], capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise MelganVcError(
            f"Cannot unpack {archive} ({done.stderr.strip() or 'no message'}). Delete it and run the recipe again."
        )
    (unfinished / ".complete").write_text(f"{sha256_of(archive)}  {archive.name}\n", encoding="utf-8")
    shutil.rmtree(root, ignore_errors=True)
    unfinished.rename(root)
    return root


def _download(name: str, cache: Path) -> Path:
    if shutil.which("apt-get") is None:
        raise MelganVcError(
            f"Expected the program apt-get to download the package {name}, found none. Download the file "
            f"{name}_VERSION_all.deb of Debian 12 on another machine ('apt-get download {name}') and put it into "
            f"{cache}, then run the recipe again."
        )
    console.print(f"Downloading the Debian package {name}")
    # apt's sandbox user may not write here; it then prints a harmless warning that we keep to ourselves.
    done = subprocess.run(["apt-get", "download", name], cwd=cache, capture_output=True, text=True, errors="replace")
    archives = sorted(cache.glob(f"{name}_*.deb"))
    if done.returncode or not archives:
        reason = (done.stderr.strip() or "no message").splitlines()[-1]
        raise MelganVcError(
            f"apt-get could not download {name} ({reason}). If the package is unknown, run 'apt-get update' once "
            "(as root) and try again; it is in Debian 12 (main)."
        )
    return archives[-1]
