"""Prompts become 16 kHz clips: decoded, low-passed, sorted out, and not made twice."""

from pathlib import Path

import av
import numpy as np
import pytest
import soundfile as sf
from recipe import Checksums
from voices import RATE, Speaker, build_voice, decode_g722, low_pass, read_clip

from melgan_vc.errors import MelganVcError


def sine(frequency: float, seconds: float = 1.0, level: float = 0.5) -> np.ndarray:
    return (level * np.sin(2 * np.pi * frequency * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def write_g722(path: Path, audio: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", format="g722") as container:
        stream = container.add_stream("g722", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray((audio * 32767).astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)


def level_db(audio: np.ndarray) -> float:
    middle = audio[len(audio) // 4 : -len(audio) // 4]
    return 10 * np.log10(np.mean(middle**2) + 1e-20)


def test_g722_keeps_pitch_level_and_length(tmp_path):
    original = sine(1000.0)
    write_g722(tmp_path / "a.g722", original)
    decoded = decode_g722(tmp_path / "a.g722")
    assert decoded.dtype == np.float32
    assert len(decoded) == 2 * (tmp_path / "a.g722").stat().st_size == RATE
    assert np.argmax(np.abs(np.fft.rfft(decoded))) == 1000
    assert level_db(decoded) == pytest.approx(level_db(original), abs=0.3)


def test_an_empty_g722_file_is_no_samples(tmp_path):
    (tmp_path / "is.g722").touch()
    assert decode_g722(tmp_path / "is.g722").shape == (0,)


def test_a_telephones_codec_keeps_pitch_and_length(tmp_path):
    original = sine(1000.0)
    with av.open(str(tmp_path / "a.alaw"), "w", format="alaw") as container:
        stream = container.add_stream("pcm_alaw", rate=8000, layout="mono")
        samples = (original[::2] * 32767).astype(np.int16)[None]
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = 8000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    decoded = read_clip(tmp_path / "a.alaw")
    assert decoded.dtype == np.float32 and len(decoded) == RATE
    assert np.argmax(np.abs(np.fft.rfft(decoded))) == 1000
    assert level_db(decoded) == pytest.approx(level_db(original), abs=0.3)


@pytest.mark.parametrize("frequency", [100.0, 3000.0, 6800.0])
def test_low_pass_leaves_what_is_below_the_cutoff_as_it_is(frequency):
    audio = sine(frequency)
    filtered = low_pass(audio)
    assert filtered.shape == audio.shape
    # Compared sample by sample: a delay of one sample would already fail at 3 kHz.
    np.testing.assert_allclose(filtered[300:-300], audio[300:-300], atol=0.01)


@pytest.mark.parametrize("frequency", [7200.0, 7500.0, 7900.0])
def test_low_pass_removes_what_is_above_the_cutoff(frequency):
    audio = sine(frequency)
    assert level_db(low_pass(audio)) < level_db(audio) - 55


@pytest.fixture
def package(tmp_path):
    """A package as it lies in the cache: three prompts, silence, an empty file, monkeys, and a held-out prompt."""
    root = tmp_path / "cache" / "sounds"
    folder = root / "voice"
    for name in ("hello", "digits/1", "silence/1", "tt-monkeys", "vm-forwardoptions"):
        write_g722(folder / f"{name}.g722", sine(500.0, 0.2))
    write_g722(folder / "bright.g722", sine(500.0, 0.5) + sine(7400.0, 0.5, 0.2))
    (folder / "is.g722").touch()
    (root / ".complete").touch()
    return Speaker("Somebody", "sounds", "voice", ".g722", "Licence: none", held_out=("vm-forwardoptions",))


def build(package, tmp_path, cutoff=7000.0):
    out = tmp_path / "out"
    return build_voice(package, out / "female", tmp_path / "cache", Checksums(out, {"cutoff": cutoff}), cutoff), out


def test_speech_is_built_and_everything_else_is_skipped_with_a_reason(package, tmp_path):
    lines, out = build(package, tmp_path)
    assert sorted(path.name for path in (out / "female").iterdir()) == ["bright.flac", "digits-1.flac", "hello.flac"]
    assert [path.name for path in (out / "held_out" / "female").iterdir()] == ["vm-forwardoptions.flac"]
    info = sf.info(out / "female" / "hello.flac")
    assert (info.samplerate, info.channels, info.frames) == (RATE, 1, 3200)
    assert "female: skipped is.g722: is empty (0 bytes)" in lines
    assert "female: skipped silence/1.g722: is silence" in lines
    assert "female: skipped tt-monkeys.g722: is not speech" in lines


def test_the_codecs_top_band_is_gone_unless_it_is_kept(package, tmp_path):
    def top_band_db() -> float:
        spectrum = np.abs(np.fft.rfft(sf.read(tmp_path / "out" / "female" / "bright.flac")[0] * np.hanning(8000)))
        return 20 * np.log10(spectrum[3700] / spectrum[250])  # 7400 Hz against 500 Hz

    build(package, tmp_path, cutoff=None)
    assert top_band_db() > -12
    build(package, tmp_path, cutoff=7000.0)
    assert top_band_db() < -55, "other settings must make the clip again"


def test_a_second_run_makes_only_what_is_missing_or_damaged(package, tmp_path):
    _, out = build(package, tmp_path)
    kept, gone, damaged = (out / "female" / name for name in ("hello.flac", "digits-1.flac", "bright.flac"))
    before = kept.stat().st_mtime_ns
    gone.unlink()
    damaged.write_bytes(b"half a file")
    build(package, tmp_path)
    assert kept.stat().st_mtime_ns == before
    assert sf.info(gone).frames == 3200
    assert sf.info(damaged).frames == 8000


def test_a_package_without_clips_is_an_error(package, tmp_path):
    empty = Speaker("Nobody", "sounds", "elsewhere", ".g722", "Licence: none")
    with pytest.raises(MelganVcError, match=r"Expected clips \(\.g722\) under .*elsewhere, found none"):
        build(empty, tmp_path)
