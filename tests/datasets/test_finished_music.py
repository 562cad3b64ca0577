"""Excerpts to test with are as they were: channels, rate, level."""

import sys
import zipfile

import finished_music
import numpy as np
import soundfile


def test_an_excerpt_is_from_within_a_piece_and_of_a_short_one_all_that_there_is(tmp_path):
    long = np.stack([np.arange(45_000), -np.arange(45_000)], axis=1).astype(np.float32) / 50_000
    finished_music.write_excerpt(tmp_path / "long.flac", long, 1000)
    found, rate = soundfile.read(tmp_path / "long.flac")
    np.testing.assert_allclose(found, long[20_000:40_000], atol=1e-4)
    finished_music.write_excerpt(tmp_path / "short.flac", long[:30_000], 1000)
    np.testing.assert_allclose(soundfile.read(tmp_path / "short.flac")[0], long[10_000:30_000], atol=1e-4)
    assert rate == 1000


def test_recorded_soundtracks_come_only_if_asked_for(tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    music = cache / "wesnoth-1.16-music/usr/share/games/wesnoth/1.16/data/core/music"
    music.mkdir(parents=True)
    wave = 0.5 * np.sin(np.arange(22_050) / 10.0)
    for number in range(5):
        soundfile.write(music / f"{number}.ogg", np.stack([wave, -wave], axis=1), 22_050)
    nexuiz = cache / "nexuiz-music/usr/share/games/nexuiz/data/music.pk3"
    nexuiz.parent.mkdir(parents=True)
    with zipfile.ZipFile(nexuiz, "w") as archive:
        archive.write(music / "0.ogg", "sound/track.ogg")
    monkeypatch.setattr(finished_music, "fetch_package", lambda name, where: where / name)
    monkeypatch.setattr(
        finished_music, "on_hold", lambda where: [("hold", lambda: (wave.astype(np.float32), 16_000))]
    )
    monkeypatch.setattr(finished_music, "openmsx", lambda where: [])
    for options, expected in (((), {"moh"}), (("--games", "--pieces", "2"), {"moh", "wesnoth", "nexuiz"})):
        line = ["finished_music.py", "--out", str(tmp_path / "out"), "--cache", str(cache), *options]
        monkeypatch.setattr(sys, "argv", line)
        finished_music.main()
        assert {path.parent.name for path in (tmp_path / "out").rglob("*.flac")} == expected
    assert len(list((tmp_path / "out/wesnoth").iterdir())) == 2
    found, rate = soundfile.read(tmp_path / "out/nexuiz/track.flac")
    assert found.shape == (22_050, 2) and rate == 22_050
    assert np.corrcoef(found.T)[0, 1] < -0.99, "two channels, as they were"
