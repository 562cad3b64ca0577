"""The recipes that need the internet, against small archives of the same shape on the loopback interface."""

import io
import sys
import tarfile
import zipfile

import cmu_arctic
import gtzan
import numpy as np
import pytest
import soundfile as sf
import vctk
from loopback import serve
from recipe import run_recipe

from melgan_vc.errors import MelganVcError


def audio_file(rate: int, format: str, seconds: float = 0.5) -> bytes:
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)
    memory = io.BytesIO()
    sf.write(memory, tone, rate, format=format)
    return memory.getvalue()


def tar_of(members: dict[str, bytes], mode: str) -> bytes:
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode=mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return memory.getvalue()


def zip_of(members: dict[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return memory.getvalue()


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run a recipe's ``main`` with arguments, an output folder and a cache of this test's own."""

    def call(recipe, *arguments: str):
        monkeypatch.setattr(
            sys, "argv", ["recipe", "--out", f"{tmp_path}/out", "--cache", f"{tmp_path}/c", *arguments]
        )
        recipe.main()
        return tmp_path / "out"

    return call


def test_cmu_arctic_survives_an_interruption_and_is_not_fetched_twice(run):
    members = {f"cmu_us_clb_arctic/wav/arctic_a000{n}.wav": audio_file(16000, "WAV") for n in (1, 2)}
    packed = tar_of(members | {"cmu_us_clb_arctic/COPYING": b"free"}, "w:bz2")
    with serve({"/cmu_us_clb_arctic.tar.bz2": packed}) as site:
        site.break_after = [len(packed) // 2]
        arguments = ("--speakers", "clb", "--url", site.address + "/cmu_us_{speaker}_arctic.tar.bz2")
        out = run(cmu_arctic, *arguments)
        assert site.ranges == [None, f"bytes={len(packed) // 2}-"]
        run(cmu_arctic, *arguments)
        assert len(site.ranges) == 2
    assert sorted(path.name for path in (out / "clb").iterdir()) == ["arctic_a0001.flac", "arctic_a0002.flac"]
    assert sf.info(out / "clb" / "arctic_a0001.flac").frames == 8000
    assert "Carnegie Mellon" in (out / "LICENSE.txt").read_text()
    assert "clb: 2 clips" in (out / "REPORT.txt").read_text()


def test_the_official_address_is_held_against_the_published_checksum(run, monkeypatch):
    with serve({"/cmu_us_clb_arctic.tar.bz2": b"something else"}) as site:
        monkeypatch.setattr(cmu_arctic, "URL", site.address + "/cmu_us_{speaker}_arctic.tar.bz2")
        with pytest.raises(MelganVcError, match="Expected SHA-256 3f16dc3f"):
            run(cmu_arctic, "--speakers", "clb")


def test_a_mistyped_speaker_is_met_with_the_right_one(run):
    with pytest.raises(MelganVcError, match="received: slr; did you mean 'slt'"):
        run(cmu_arctic, "--speakers", "slr")


def test_vctk_takes_one_microphone_of_the_chosen_speakers_at_16_khz(run):
    names = ("p225/p225_001_mic1", "p225/p225_001_mic2", "p226/p226_001_mic2", "p227/p227_001_mic2")
    packed = zip_of({f"wav48_silence_trimmed/{name}.flac": audio_file(48000, "FLAC") for name in names})
    with serve({"/VCTK.zip": packed}) as site:
        out = run(vctk, "--url", f"{site.address}/VCTK.zip")
    made = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.flac"))
    assert made == ["p225/p225_001_mic2.flac", "p226/p226_001_mic2.flac"]
    info = sf.info(out / made[0])
    assert (info.samplerate, info.frames) == (16000, 8000)
    assert "CC-BY-4.0" in (out / "LICENSE.txt").read_text()


def test_vctk_names_a_speaker_that_is_not_there(run, tmp_path):
    (tmp_path / "v.zip").write_bytes(zip_of({"w/p225/p225_001_mic2.flac": audio_file(48000, "FLAC")}))
    with pytest.raises(MelganVcError, match=r"Expected files such as p999/p999_001_mic2\.flac"):
        run(vctk, "--speakers", "p999", "--archive", f"{tmp_path}/v.zip")


def test_gtzan_skips_the_corrupt_file_and_unreadable_ones_with_a_reason(run, tmp_path):
    members = {
        "genres/jazz/jazz.00000.wav": audio_file(22050, "WAV"),
        "genres/jazz/jazz.00001.wav": b"this is not a wave file",
        "genres/jazz/jazz.00054.wav": audio_file(22050, "WAV"),
        "genres/classical/classical.00000.wav": audio_file(22050, "WAV"),
        "genres/rock/rock.00000.wav": audio_file(22050, "WAV"),
    }
    (tmp_path / "genres.tar.gz").write_bytes(tar_of(members, "w:gz"))
    out = run(gtzan, "--archive", f"{tmp_path}/genres.tar.gz")
    made = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.flac"))
    assert made == ["classical/classical.00000.flac", "jazz/jazz.00000.flac"]
    report = (out / "REPORT.txt").read_text()
    assert "skipped jazz.00054.wav: is corrupt" in report
    assert "skipped jazz.00001.wav" in report


def test_gtzan_without_an_archive_says_why_and_exits_with_2(run, capsys):
    with pytest.raises(SystemExit) as exited:
        run_recipe(lambda: run(gtzan))
    assert exited.value.code == 2
    printed = capsys.readouterr().err
    assert "--archive FILE" in printed
    assert "October 2022" in printed
    assert "jazz_classical.py" in printed
