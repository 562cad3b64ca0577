"""Downloads go on where they broke off and are held against a checksum."""

import hashlib
import json

import pytest
from download import download
from loopback import serve

from melgan_vc.errors import MelganVcError

CONTENT = bytes(range(256)) * 4000  # a megabyte


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_broken_connection_is_resumed_within_one_call(tmp_path):
    with serve({"/a.zip": CONTENT}) as site:
        site.break_after = [300_000, 200_000]
        path = download(f"{site.address}/a.zip", tmp_path / "a.zip", sha256(CONTENT))
    assert path.read_bytes() == CONTENT
    assert site.ranges == [None, "bytes=300000-", "bytes=500000-"]


def test_a_second_run_goes_on_where_the_first_was_interrupted(tmp_path):
    with serve({"/a.zip": CONTENT}) as site:
        site.break_after = [400_000]
        with pytest.raises(MelganVcError, match="goes on where it stopped"):
            download(f"{site.address}/a.zip", tmp_path / "a.zip", attempts=1)
        assert not (tmp_path / "a.zip").exists(), "half a file must not carry the final name"
        download(f"{site.address}/a.zip", tmp_path / "a.zip")
    assert site.ranges[-1] == "bytes=400000-"
    assert (tmp_path / "a.zip").read_bytes() == CONTENT
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "checksums.json"]


def test_a_file_that_changed_on_the_server_is_not_glued_to_the_old_part(tmp_path):
    new = CONTENT[::-1]
    with serve({"/a.zip": CONTENT}) as site:
        site.break_after = [400_000]
        with pytest.raises(MelganVcError):
            download(f"{site.address}/a.zip", tmp_path / "a.zip", attempts=1)
        site.files["/a.zip"], site.version = new, '"two"'
        download(f"{site.address}/a.zip", tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == new


def test_a_server_without_ranges_sends_the_whole_file_again(tmp_path):
    with serve({"/a.zip": CONTENT}) as site:
        site.supports_ranges, site.break_after = False, [400_000]
        download(f"{site.address}/a.zip", tmp_path / "a.zip", sha256(CONTENT))
    assert (tmp_path / "a.zip").read_bytes() == CONTENT


def test_a_part_that_was_complete_already_is_accepted(tmp_path):
    (tmp_path / "a.zip.part").write_bytes(CONTENT)
    with serve({"/a.zip": CONTENT}) as site:
        download(f"{site.address}/a.zip", tmp_path / "a.zip", sha256(CONTENT))
    assert (tmp_path / "a.zip").read_bytes() == CONTENT


def test_a_part_longer_than_the_file_is_thrown_away(tmp_path):
    (tmp_path / "a.zip.part").write_bytes(CONTENT + b"and more")
    with serve({"/a.zip": CONTENT}) as site:
        download(f"{site.address}/a.zip", tmp_path / "a.zip", sha256(CONTENT))
    assert (tmp_path / "a.zip").read_bytes() == CONTENT


def test_a_wrong_checksum_is_refused_and_nothing_is_kept(tmp_path):
    complaint = "Expected SHA-256 0000.*received: " + sha256(CONTENT)
    with serve({"/a.zip": CONTENT}) as site, pytest.raises(MelganVcError, match=complaint):
        download(f"{site.address}/a.zip", tmp_path / "a.zip", "0" * 64)
    assert not (tmp_path / "a.zip").exists()
    assert not (tmp_path / "a.zip.part").exists()


def test_the_first_checksum_is_recorded_and_later_damage_is_noticed(tmp_path):
    with serve({"/a.zip": CONTENT}) as site:
        url = f"{site.address}/a.zip"
        download(url, tmp_path / "a.zip")
        assert json.loads((tmp_path / "checksums.json").read_text()) == {"a.zip": sha256(CONTENT)}
        download(url, tmp_path / "a.zip")
        assert len(site.ranges) == 1, "a complete file is not asked for again"
        (tmp_path / "a.zip").write_bytes(CONTENT[:-1] + b"x")
        with pytest.raises(MelganVcError, match="damaged or replaced"):
            download(url, tmp_path / "a.zip")


def test_a_missing_file_names_the_option_to_change(tmp_path):
    with serve({}) as site, pytest.raises(MelganVcError, match=r"404 .*/gone.zip.*--url"):
        download(f"{site.address}/gone.zip", tmp_path / "gone.zip")


def test_a_server_that_is_not_there_names_the_address(tmp_path):
    with serve({}) as site:
        address = site.address
    with pytest.raises(MelganVcError, match=f"Could not download {address}/a.zip in 2 attempts"):
        download(f"{address}/a.zip", tmp_path / "a.zip", attempts=2)
