"""Cutting the demo corpus: which pieces it takes, and which it refuses."""

import make_demo
import numpy as np
import pytest
import soundfile as sf

from melgan_vc.errors import MelganVcError


def touch(*paths):
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_jazz_accompanied_by_mma_is_refused_and_the_error_says_what_to_run(tmp_path):
    touch(tmp_path / "jazz" / "00-plateau-modernjazz-150bpm-up1.flac")
    with pytest.raises(MelganVcError, match=r"received: 00-plateau-modernjazz.*--band trio.*--music"):
        make_demo.music_in(tmp_path / "jazz")


def test_of_a_folder_with_both_only_the_trio_is_taken(tmp_path):
    ours = tmp_path / "jazz" / "00-plateau-trio-150bpm-up1.flac"
    touch(ours, tmp_path / "jazz" / "00-plateau-modernjazz-150bpm-up1.flac")
    assert make_demo.music_in(tmp_path / "jazz") == [ours]


def test_only_the_folders_asked_for_are_made_anew(tmp_path, monkeypatch):
    music, demo = tmp_path / "music", tmp_path / "demo"
    noise = np.random.default_rng(0).normal(0, 0.1, 34 * 8000).astype(np.float32)
    for chart in "abcde":
        touch(music / "jazz" / f"00-{chart}-trio-150bpm-up1.flac")
        sf.write(music / "jazz" / f"00-{chart}-trio-150bpm-up1.flac", noise, 8000)
    touch(music / "held_out" / "jazz" / "z-trio-150bpm-up1.flac", demo / "jazz" / "old.ogg")
    sf.write(music / "held_out" / "jazz" / "z-trio-150bpm-up1.flac", noise, 8000)
    touch(demo / "classical" / "mozart-k80-movement1.ogg", demo / "held_out" / "jazz" / "old.ogg")
    (demo / "classical" / "mozart-k80-movement1.ogg").write_bytes(b"as it was")
    monkeypatch.setattr("sys.argv", ["make_demo.py", "--only", "jazz", "--music", str(music), "--out", str(demo)])
    make_demo.main()
    assert len(list((demo / "jazz").glob("*-trio-*.ogg"))) == 5
    assert not (demo / "jazz" / "old.ogg").exists()
    assert (demo / "classical" / "mozart-k80-movement1.ogg").read_bytes() == b"as it was"
    assert "- Mozart, String Quartet K. 80, movement 1" in (demo / "ATTRIBUTION.md").read_text(encoding="utf-8")
