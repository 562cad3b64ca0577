"""Archives are unpacked whole or not at all, and never outside of their folder."""

import io
import tarfile
import zipfile

import pytest
from download import extract

from melgan_vc.errors import MelganVcError


def tar_with(path, *members: tuple[str, bytes]):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def zip_with(path, *members: tuple[str, bytes]):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("make", [tar_with, zip_with])
def test_only_the_wanted_members_are_unpacked(tmp_path, make):
    archive = make(tmp_path / "a.archive", ("c/p225/1.flac", b"one"), ("c/p226/1.flac", b"two"))
    folder = extract(archive, tmp_path / "out", lambda name: "/p226/" in name)
    assert [path.read_bytes() for path in folder.rglob("*.flac")] == [b"two"]


@pytest.mark.parametrize("make", [tar_with, zip_with])
@pytest.mark.parametrize("name", ["../escaped.txt", "a/../../escaped.txt", "/escaped.txt", "..\\escaped.txt", "C:/x"])
def test_a_name_that_leads_outside_is_refused(tmp_path, make, name):
    archive = make(tmp_path / "a.archive", ("harmless.txt", b""), (name, b"evil"))
    with pytest.raises(MelganVcError, match="outside of its folder"):
        extract(archive, tmp_path / "deep" / "out")
    assert not list(tmp_path.rglob("*.txt")), "nothing may be left behind"
    assert not (tmp_path / "deep" / "out").exists()


def test_a_link_that_leads_outside_is_refused(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "../../secret"
        archive.addfile(link)
    with pytest.raises(MelganVcError, match="Cannot unpack"):
        extract(tmp_path / "a.tar", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_damaged_archive_leaves_no_folder_that_looks_complete(tmp_path):
    whole = tar_with(tmp_path / "a.tar.gz", ("a.wav", bytes(range(256)) * 999)).read_bytes()
    (tmp_path / "a.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(MelganVcError, match=r"Cannot unpack .*a\.tar\.gz.*Delete it"):
        extract(tmp_path / "a.tar.gz", tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar.gz"]
