"""Debian packages are fetched without installing them; without Debian, the error says what to do."""

import os
from pathlib import Path

import pytest
from debian import fetch_package

from melgan_vc.errors import MelganVcError


def script(folder: Path, name: str, body: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def programs(tmp_path, monkeypatch) -> Path:
    """A folder that comes first on PATH and is its only place for apt-get and dpkg."""
    folder = tmp_path / "programs"
    folder.mkdir()
    # Everything but apt-get and dpkg stays reachable for the scripts below.
    others = tmp_path / "others"
    others.mkdir()
    for tool in ("sh", "mkdir", "cp", "echo"):
        for place in os.environ["PATH"].split(os.pathsep):
            if (Path(place) / tool).exists():
                (others / tool).symlink_to(Path(place) / tool)
                break
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{others}")
    return folder


def test_without_apt_the_error_names_the_file_and_the_folder_to_put_it_in(programs, tmp_path):
    with pytest.raises(MelganVcError, match=r"festvox-ru_VERSION_all\.deb .*'apt-get download festvox-ru'") as caught:
        fetch_package("festvox-ru", tmp_path / "cache")
    assert str(tmp_path / "cache") in str(caught.value)


def test_an_unknown_package_names_the_update_command(programs, tmp_path):
    script(programs, "apt-get", "echo 'E: Unable to locate package festvox-ru' >&2; exit 100")
    with pytest.raises(MelganVcError, match=r"Unable to locate package festvox-ru.*'apt-get update'"):
        fetch_package("festvox-ru", tmp_path / "cache")


def test_a_package_put_there_by_hand_is_unpacked_once_without_apt(programs, tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "mma_21_all.deb").write_bytes(b"packed")
    script(programs, "dpkg", 'mkdir -p "$3/usr"; cp "$2" "$3/usr/data"')
    root = fetch_package("mma", cache)
    assert (root / "usr" / "data").read_bytes() == b"packed"
    (programs / "dpkg").unlink()
    assert fetch_package("mma", cache) == root


def test_a_damaged_package_is_named_and_leaves_no_folder(programs, tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "mma_21_all.deb").write_bytes(b"half")
    script(programs, "dpkg", 'mkdir -p "$3/usr"; echo "unexpected end of file" >&2; exit 2')
    with pytest.raises(MelganVcError, match=r"mma_21_all\.deb \(unexpected end of file\)\. Delete it"):
        fetch_package("mma", cache)
    assert not (cache / "mma").exists()


def test_without_dpkg_the_error_names_it(programs, tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "mma_21_all.deb").write_bytes(b"packed")
    with pytest.raises(MelganVcError, match="Expected the program dpkg"):
        fetch_package("mma", cache)
