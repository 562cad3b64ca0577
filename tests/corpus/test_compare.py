"""What could make a training learn the wrong thing."""

import pytest

from melgan_vc.corpus.compare import warnings_about
from melgan_vc.corpus.report import FileReport, FolderReport, SkippedFile

GOOD = {
    "rate": 16000,
    "channels": 1,
    "seconds": 600.0,
    "used_seconds": 500.0,
    "level_db": -26.0,
    "clipped": 0.0,
    "bandwidth_hz": 8000.0,
}


def folder(name, *, skipped=(), fmax=8000.0, files=1, **changes):
    made = [FileReport(path=f"{i}.wav", **{"digest": f"{name}{i}", **GOOD, **changes}) for i in range(files)]
    return FolderReport(name, 16000, fmax, tuple(made), tuple(skipped))


def test_good_folders_have_no_warnings():
    assert warnings_about([folder("a"), folder("b")]) == []


@pytest.mark.parametrize("swapped", [False, True])
def test_low_passed_domain_is_named_whichever_it_is(swapped):
    pair = [folder("phone", bandwidth_hz=3400.0), folder("studio")]
    (warning,) = warnings_about(pair[::-1]) if swapped else warnings_about(pair)
    assert "phone seems to be low-passed" in warning
    assert "3.4 kHz and studio at 8.0 kHz" in warning
    assert "fmax = 3400 Hz" in warning


def test_a_difference_above_what_the_features_hold_does_not_matter():
    assert warnings_about([folder("mp3", bandwidth_hz=16000.0), folder("cd", bandwidth_hz=22000.0)]) == []
    assert warnings_about([folder("a", bandwidth_hz=7600.0), folder("b")]) == []


def test_upsampled_files():
    (warning,) = warnings_about([folder("old", rate=8000), folder("b")])
    assert "8000 Hz against 16000 Hz" in warning


def test_level_difference():
    (warning,) = warnings_about([folder("a"), folder("whisper", level_db=-45.0)])
    assert "whisper is 19 dB quieter than a" in warning


def test_too_little_data():
    (warning,) = warnings_about([folder("a"), folder("short", used_seconds=90.0)])
    assert "short holds 1.5 minutes" in warning


def test_clipped():
    (warning,) = warnings_about([folder("loud", clipped=0.03), folder("b")])
    assert "3.0% of the samples are clipped" in warning


def test_damaged():
    (warning,) = warnings_about([folder("scratched", damaged=3), folder("b")])
    assert "1 damaged, such as 0.wav" in warning


def test_same_content_in_both():
    (warning,) = warnings_about([folder("a", digest="x"), folder("b", digest="x")])
    assert "1 in both folders" in warning
    assert "0.wav in a and 0.wav in b" in warning


def test_copies_within_a_folder():
    (warning,) = warnings_about([folder("a", files=2, digest="x"), folder("b")])
    assert "0.wav = 1.wav" in warning


def test_skipped_audio_is_a_warning_and_other_files_are_not():
    broken = folder("a", skipped=[SkippedFile("broken.wav", "unreadable")])
    (warning,) = warnings_about([broken, folder("b", skipped=[SkippedFile("README.txt", "not audio")])])
    assert "1 unreadable (broken.wav)" in warning
