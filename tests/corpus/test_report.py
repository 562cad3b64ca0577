"""The report for people and for JSON."""

import io
import json

from rich.console import Console

from melgan_vc.corpus.report import FileReport, FolderReport, SkippedFile, folders_table


def file(path, seconds, **values):
    given = {
        "digest": path,
        "rate": 16000,
        "channels": 1,
        "used_seconds": seconds,
        "level_db": -26.0,
        "clipped": 0.0,
        "bandwidth_hz": 8000.0,
    }
    return FileReport(path=path, seconds=seconds, **{**given, **values})


REPORT = FolderReport(
    folder="jazz",
    rate=16000,
    fmax=8000.0,
    files=(
        file("a.wav", 60.0, rate=44100, channels=2, clipped=0.04),
        file("b.wav", 120.0, held_out=True, used_seconds=90.0),
        file("c.wav", 12.0, bandwidth_hz=3400.0),
    ),
    skipped=(
        SkippedFile("d.wav", "silent", "nothing above -70 dB"),
        *(SkippedFile(f"{i}.txt", "not audio") for i in range(5)),
    ),
)


def printed(table):
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(table)
    return console.export_text()


def test_table_says_what_was_found_and_what_was_skipped():
    text = printed(REPORT)
    for part in ["jazz", "3", "3.2", "2.7", "16000 Hz (2), 44100 Hz (1)", "1 (2), 2 (1)", "8.0 kHz", "1.25%"]:
        assert part in text
    assert "5 not audio (0.txt, 1.txt, 2.txt, ...), 1 silent (d.wav)" in " ".join(text.replace("│", " ").split())


def test_two_folders_stand_side_by_side():
    other = FolderReport("classical", 16000, 8000.0, (file("x.wav", 60.0),))
    heading = printed(folders_table([REPORT, other])).splitlines()[1]
    assert "jazz" in heading
    assert "classical" in heading


def test_survives_json():
    assert FolderReport.from_json(json.loads(json.dumps(REPORT.to_json()))) == REPORT


def test_medians_weigh_audio_not_files():
    dull = [file(f"{i}.wav", 1.0, bandwidth_hz=3000.0, level_db=-40.0) for i in range(5)]
    report = FolderReport("a", 16000, 8000.0, (*dull, file("long.wav", 100.0)))
    assert report.bandwidth_hz == 8000.0
    assert report.level_db == -26.0
