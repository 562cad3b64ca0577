"""The recipe of free voices has a synthesiser read, and goes on where it was stopped."""

import sys

import free_voices
import numpy as np
import pytest
import soundfile
from framework import MelganVcError

FLITE = """#!/bin/sh
[ "$2" = broken ] && {{ echo 'no such voice' >&2; exit 1; }}
{python} -c "
import sys, numpy, soundfile
soundfile.write(sys.argv[2], 0.1 * numpy.ones(16000 * 6), 16000)
open('{said}', 'a').write(sys.argv[1] + chr(10))" "$4" "$6"
"""
BIBLE = """#!/bin/sh
test -f bible.data || exit 1
case "$4" in Psa*) book=Psa;; *) book=Pro;; esac
for verse in 1 2 3 4 5 6 7 8; do echo "${book}1:$verse Verse $verse of $book."; done
"""


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Programs that stand in for flite and bible; what was said comes into a file, which is returned."""
    said = tmp_path / "said.txt"
    files = {
        "flite/usr/bin/flite": FLITE.format(python=sys.executable, said=said),
        "libflite1/usr/lib/machine/libflite.so.1": "",
        "bible-kjv/usr/bin/bible": BIBLE,
        "bible-kjv-text/usr/lib/bible.data": "",
    }
    for name, text in files.items():
        path = tmp_path / "cache" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
        path.chmod(0o755)
    monkeypatch.setattr(free_voices, "fetch_package", lambda name, cache: cache / name)
    return said


def build(tmp_path, monkeypatch, *options):
    out = tmp_path / "out"
    line = ["free_voices.py", "--out", str(out), "--cache", str(tmp_path / "cache"), "--minutes", "0.15", *options]
    monkeypatch.setattr(sys, "argv", line)
    free_voices.main()
    return out


def test_every_voice_reads_verses_of_its_own_until_there_are_minutes_enough(tmp_path, monkeypatch, packages):
    out = build(tmp_path, monkeypatch)
    clips = {voice: sorted((out / voice).glob("*.flac")) for voice in free_voices.CREDITS}
    assert [len(found) for found in clips.values()] == [2, 2, 2, 2], "of 6 s each"
    said = packages.read_text().splitlines()
    assert len(set(said)) == 8 and "Verse 1 of Psa." in said
    sound, rate = soundfile.read(clips["slt"][0])
    assert rate == 16000 and len(sound) == 6 * 16000 and np.median(sound) == pytest.approx(0.1, abs=0.01)
    licence = (out / "LICENSE.txt").read_text()
    assert "BSD-like" in licence and "public domain" in licence


def test_what_is_there_is_not_said_again(tmp_path, monkeypatch, packages):
    out = build(tmp_path, monkeypatch, "--voices", "rms")
    (out / "rms" / "0001.flac").write_bytes(b"half a file")
    packages.unlink()
    build(tmp_path, monkeypatch, "--voices", "rms")
    assert len(packages.read_text().splitlines()) == 1


def test_a_synthesiser_that_does_not_run_says_why(tmp_path, packages):
    flite = free_voices.Flite(tmp_path / "cache")
    with pytest.raises(
        MelganVcError, match=r"flite could not say 'Hello' \(no such voice\). Its package is for Debian"
    ):
        flite.say("Hello", "broken", tmp_path / "a.wav")


def test_without_verses_it_says_so(tmp_path, packages):
    (tmp_path / "cache" / "bible-kjv-text/usr/lib/bible.data").unlink()
    with pytest.raises(MelganVcError, match="Expected verses from .*bible, received: none"):
        free_voices.read_verses(tmp_path / "cache")


def test_a_package_without_its_library_is_said(tmp_path, monkeypatch, packages):
    (tmp_path / "cache" / "libflite1/usr/lib/machine/libflite.so.1").unlink()
    with pytest.raises(MelganVcError, match="Expected libflite.so.1 under .*libflite1, found none. Delete"):
        build(tmp_path, monkeypatch)
