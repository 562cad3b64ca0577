"""Writing: what goes in comes out, and a file appears whole or not at all."""

import errno
import io
import os
import re
import stat
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from melgan_vc.audio import encoders, files, writer
from melgan_vc.audio.formats import OUTPUT_FORMATS


def noise(frames, channels):
    """Smooth noise: no two stretches of it are alike, so that a shift or a gap shows."""
    steps = np.random.default_rng(0).normal(size=(frames + 31, channels))
    return np.stack([np.convolve(c, np.hanning(32) / 80, "valid") for c in steps.T], 1).astype(np.float32)


def sine(frames, rate, level):
    return (level * np.sin(2 * np.pi * 1000 * np.arange(frames) / rate)).astype(np.float32)


def write(path, sound, rate=44100, **options):
    channels = 1 if sound.ndim == 1 else sound.shape[1]
    with files.AudioWriter(path, rate=rate, channels=channels, **options) as out:
        out.write(sound)
    return out


def assert_clean(folder, *names):
    assert sorted(os.listdir(folder)) == sorted(names)


@pytest.mark.parametrize(
    "name, subtype, step",
    [
        ("a.wav", None, 2**-15),
        ("a.wav", "PCM_U8", 2**-7),
        ("a.wav", "PCM_24", 2**-23),
        ("a.wav", "PCM_32", 2**-24),
        ("a.wav", "FLOAT", 0),
        ("a.wav", "DOUBLE", 0),
        ("a.w64", "PCM_16", 2**-15),
        ("a.rf64", "PCM_16", 2**-15),
        ("a.aiff", None, 2**-15),
        ("a.aif", "FLOAT", 0),
        ("a.flac", "PCM_S8", 2**-7),
        ("a.flac", None, 2**-15),
        ("a.FLAC", "pcm_24", 2**-23),
    ],
)
@pytest.mark.parametrize("channels", [1, 2, 5])
def test_lossless_formats_round_to_the_nearest_step(tmp_path, name, subtype, step, channels):
    sound = noise(5001, channels)
    write(tmp_path / name, sound, subtype=subtype)
    back, rate = files.read(tmp_path / name)
    assert rate == 44100 and back.shape == sound.shape
    error = back.astype(np.float64) - sound
    assert np.abs(error).max() <= step / 2
    # libsndfile alone rounds down, which moves the whole sound by half a step.
    assert abs(error.mean()) <= step / 50


@pytest.mark.parametrize("subtype, dtype", [("PCM_16", "int16"), ("PCM_24", "int32"), ("PCM_U8", "int16")])
def test_copying_changes_no_bit(tmp_path, subtype, dtype):
    levels = np.random.default_rng(0).integers(-(2**31), 2**31, size=(5000, 2)).astype(np.int32)
    soundfile.write(tmp_path / "a.wav", levels, 44100, subtype=subtype)
    write(tmp_path / "b.wav", files.read(tmp_path / "a.wav")[0], subtype=subtype)
    a, b = (soundfile.read(tmp_path / name, dtype=dtype)[0] for name in ("a.wav", "b.wav"))
    np.testing.assert_array_equal(a, b)
    assert len(np.unique(a)) > 250


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3", "a.m4a"])
def test_what_is_too_loud_is_limited_and_counted(tmp_path, name):
    sound = np.array([0.0, 1.0, -1.0, 1.5, -2.0, 0.25] * 1000, np.float32)
    out = write(tmp_path / name, sound)
    assert out.clipped == 2000
    if name in ("a.wav", "a.flac"):
        top = 1 - 2**-15
        np.testing.assert_allclose(
            files.read(tmp_path / name, mono=True)[0][:6], [0, top, -1, top, -1, 0.25], atol=1e-7
        )


def test_float_keeps_what_is_too_loud(tmp_path):
    out = write(tmp_path / "a.wav", np.array([2.5, -3.0], np.float32), subtype="FLOAT")
    assert out.clipped == 0
    np.testing.assert_array_equal(files.read(tmp_path / "a.wav", mono=True)[0], [2.5, -3.0])


@pytest.mark.parametrize(
    "name, rate, expected",
    [
        ("a.opus", 44100, 48000),
        ("a.opus", 22050, 24000),
        ("a.opus", 96000, 48000),
        ("a.webm", 16000, 48000),
        ("a.mp3", 96000, 48000),
        ("a.mp3", 20000, 22050),
        ("a.m4a", 20000, 22050),
        ("a.ogg", 384000, 200000),
        ("a.flac", 700000, 655350),
        ("a.mp3", 11025, 11025),
        ("a.wav", 12345, 12345),
    ],
)
def test_a_rate_the_format_cannot_hold_becomes_the_next_one(tmp_path, name, rate, expected):
    out = write(tmp_path / name, sine(rate, rate, level=0.4), rate)
    back, back_rate = files.read(tmp_path / name, mono=True)
    assert out.rate_written == back_rate == expected and out.frames_written == expected == len(back)
    middle = back[expected // 4 : expected // 4 * 3]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert np.argmax(spectrum) * expected / len(middle) == pytest.approx(1000, abs=3)
    assert np.std(middle) == pytest.approx(0.4 / np.sqrt(2), rel=0.05)


@pytest.mark.parametrize("name", ["a.m4a", "a.aac", "a.webm", "a.opus", "a.ogg", "a.flac", "a.wav"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4, 6, 8])
def test_channels_keep_their_places(tmp_path, name, channels):
    sound = noise(20000, channels)
    write(tmp_path / name, sound, 48000)
    back, _ = files.read(tmp_path / name)
    agreement = np.corrcoef(back.T, sound.T)[:channels, channels:]
    # The sixth of 5.1 and 7.1's fourth is the subwoofer: lossy encoders take its treble away.
    assert np.array_equal(np.argmax(agreement, axis=1), np.arange(channels))
    assert np.sort(np.diag(agreement))[1 if channels > 4 else 0] > 0.9


@pytest.mark.parametrize(
    "name, channels, limit",
    [
        ("a.mp3", 3, "1 to 2"),
        ("a.flac", 9, "1 to 8"),
        ("a.ogg", 256, "1 to 255"),
        ("a.m4a", 5, "1, 2, 3, 4, 6, 8"),
    ],
)
def test_more_channels_than_the_format_carries(tmp_path, name, channels, limit):
    with pytest.raises(files.AudioFileError, match=f"Expected {limit} channels for .*{name}, received: {channels}"):
        write(tmp_path / name, noise(10, channels))
    assert_clean(tmp_path)


@pytest.mark.parametrize("channels, extension", [(16, "wav"), (255, "ogg"), (9, "opus")])
def test_many_channels(tmp_path, channels, extension):
    write(tmp_path / f"a.{extension}", noise(3000, channels), 48000)
    assert files.read(tmp_path / f"a.{extension}")[0].shape == (3000, channels)


def test_one_long_block_does_not_crash_the_vorbis_encoder(tmp_path):
    code = (
        "import sys, numpy as np; from melgan_vc.audio import files\n"
        "with files.AudioWriter(sys.argv[1], rate=48000, channels=2) as out:\n"
        "    out.write(np.zeros((48000 * 120, 2), np.float32))"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.ogg")], check=True)
    assert files.inspect(tmp_path / "a.ogg").seconds == 120


# Names


def test_unknown_extensions_list_the_known_ones(tmp_path):
    with pytest.raises(files.AudioFileError, match=r"\.wav .*\.m4a.* received: .*song\.flca; did you mean '\.flac'?"):
        write(tmp_path / "song.flca", noise(10, 1))
    with pytest.raises(files.AudioFileError, match="received: song$"):
        files.AudioWriter("song", rate=8000, channels=1)


def test_unknown_subtype(tmp_path):
    with pytest.raises(files.AudioFileError, match="PCM_16.*received: PCM_42; did you mean 'PCM_"):
        write(tmp_path / "a.wav", noise(10, 1), subtype="PCM_42")
    with pytest.raises(files.AudioFileError, match="VORBIS for .*received: PCM_16"):
        write(tmp_path / "a.ogg", noise(10, 1), subtype="PCM_16")
    with pytest.raises(files.AudioFileError, match="received: PCM_S8"):
        write(tmp_path / "a.aiff", noise(10, 1), subtype="PCM_S8")


def test_existing_targets_are_kept_unless_overwritten(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(b"precious")
    with pytest.raises(files.AudioFileError, match=r"a\.wav \(it exists"):
        files.AudioWriter(path, rate=8000, channels=1)
    assert path.read_bytes() == b"precious"
    write(path, noise(10, 1), overwrite=True)
    assert len(files.read(path)[0]) == 10
    assert_clean(tmp_path, "a.wav")


def test_a_target_that_appears_meanwhile_is_kept(tmp_path):
    path = tmp_path / "a.wav"
    with (
        pytest.raises(files.AudioFileError, match="it exists"),
        files.AudioWriter(path, rate=8000, channels=1) as out,
    ):
        out.write(noise(10, 1))
        path.write_bytes(b"precious")
    assert path.read_bytes() == b"precious"
    assert_clean(tmp_path, "a.wav")


def test_folders_are_created_and_permissions_are_the_usual_ones(tmp_path):
    write(tmp_path / "new" / "er" / "a.wav", noise(10, 1))
    (tmp_path / "plain").touch()
    usual = stat.S_IMODE(os.stat(tmp_path / "plain").st_mode)
    assert stat.S_IMODE(os.stat(tmp_path / "new" / "er" / "a.wav").st_mode) == usual


def test_a_folder_in_the_way(tmp_path):
    (tmp_path / "a.wav").mkdir()
    with pytest.raises(files.AudioFileError, match="it is a folder"):
        write(tmp_path / "a.wav", noise(10, 1), overwrite=True)
    (tmp_path / "file").touch()
    with pytest.raises(files.AudioFileError, match="Could not write .*b.wav"):
        write(tmp_path / "file" / "b.wav", noise(10, 1))


def test_a_link_keeps_pointing_at_what_is_replaced(tmp_path):
    write(tmp_path / "real.wav", noise(10, 1))
    (tmp_path / "link.wav").symlink_to(tmp_path / "real.wav")
    write(tmp_path / "link.wav", noise(20, 1), overwrite=True)
    assert (tmp_path / "link.wav").is_symlink() and len(files.read(tmp_path / "real.wav")[0]) == 20


# Blocks


@pytest.mark.parametrize(
    "block",
    [np.zeros((5, 3), np.float32), np.zeros(5, np.float32), np.zeros((5, 2), np.int16), np.zeros((1, 5, 2))],
)
def test_wrong_blocks_say_what_was_expected(tmp_path, block):
    with (
        pytest.raises(files.AudioFileError, match=r"Expected floats of shape \(frames, 2\) .*received: "),
        files.AudioWriter(tmp_path / "a.wav", rate=8000, channels=2) as out,
    ):
        out.write(block)
    assert_clean(tmp_path)


def test_nan_is_refused_with_its_place(tmp_path):
    with (
        pytest.raises(files.AudioFileError, match="a.wav.* at 1.500 s"),
        files.AudioWriter(tmp_path / "a.wav", rate=8000, channels=1) as out,
    ):
        out.write(np.zeros(8000))
        out.write(np.where(np.arange(8000) == 4000, np.nan, 0.0))
    assert_clean(tmp_path)


def test_nothing_written_is_an_error(tmp_path):
    with (
        pytest.raises(files.AudioFileError, match="at least one sample"),
        files.AudioWriter(tmp_path / "a.m4a", rate=44100, channels=1),
    ):
        pass
    assert_clean(tmp_path)


@pytest.mark.parametrize("extension", OUTPUT_FORMATS)
def test_every_format_keeps_the_length_to_the_sample(tmp_path, extension):
    sound = noise(48007, 2)
    for frames in (1, 2, 100, 500, 647, 648, 649, 960, 961, 1000, 1024, 1152, 48007):
        write(tmp_path / f"{frames}{extension}", sound[:frames], 48000)
        assert files.read(tmp_path / f"{frames}{extension}")[0].shape == (frames, 2)


@pytest.mark.parametrize("frames", [1, 46, 47, 1105, 3000])
def test_mp3_and_aac_keep_the_length_at_low_rates(tmp_path, frames):
    for name in ("a.mp3", "a.aac", "a.m4a"):
        write(tmp_path / name, noise(frames, 1), 16000)
        assert files.read(tmp_path / name)[0].shape == (frames, 1)


def test_raw_aac_of_others_is_read_whole(tmp_path):
    write(tmp_path / "a.aac", noise(5000, 1), 48000)
    content = (tmp_path / "a.aac").read_bytes()
    stripped = content[content.index(b"\xff\xf1") :]  # without the tag that says its length
    lying = re.sub(rb"[0-9A-F]{16}", b"%016X" % 100, content, count=1)
    for data, length in ((stripped, 6 * 1024), (lying, 6 * 1024 - 1024)):
        assert len(files.read(io.BytesIO(data))[0]) == length


def test_write_outside_with(tmp_path):
    out = files.AudioWriter(tmp_path / "a.wav", rate=8000, channels=1)
    with pytest.raises(files.AudioFileError, match="with AudioWriter"):
        out.write(np.zeros(10))
    assert_clean(tmp_path)


def test_an_interrupt_leaves_nothing_behind(tmp_path):
    with (
        pytest.raises(KeyboardInterrupt),
        files.AudioWriter(tmp_path / "a.m4a", rate=44100, channels=1) as out,
    ):
        out.write(np.zeros(44100))
        raise KeyboardInterrupt
    assert_clean(tmp_path)


# The disk refuses

EVERY_KIND = ["a.wav", "a.flac", "a.ogg", "a.opus", "a.mp3", "a.aiff", "a.m4a", "a.aac", "a.webm"]


@pytest.mark.parametrize("name", EVERY_KIND)
@pytest.mark.parametrize("room", [0, 30_000])
def test_a_full_disk(tmp_path, monkeypatch, name, room):
    class FullDisk(io.FileIO):
        def write(self, data):
            if self.tell() + len(data) > room:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data)

    class FileOnFullDisk(encoders.RecordingFile, FullDisk):
        pass

    monkeypatch.setattr(writer, "RecordingFile", FileOnFullDisk)
    with pytest.raises(files.AudioFileError) as caught:
        write(tmp_path / name, noise(200_000, 1), 48000, tags={"title": "x", "composer": "y"})
    assert str(caught.value) == (
        f"Could not write {tmp_path / name}: the disk is full (No space left on device); "
        "the half-written file was removed"
    )
    assert_clean(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
@pytest.mark.parametrize("name", EVERY_KIND)
@pytest.mark.parametrize("seconds", [20, 0.05])
def test_a_limit_of_the_system(tmp_path, name, seconds):
    # Twenty seconds fail while writing; a twentieth stays in the encoder and fails only while closing.
    code = f"""
import resource, sys, numpy as np
from melgan_vc.audio import files
sound = np.random.default_rng(0).normal(scale=.2, size=int(48000 * {seconds})).astype(np.float32)
limit = 100_000 if {seconds} > 1 else 300
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    with files.AudioWriter(sys.argv[1], rate=48000, channels=1) as out:
        for start in range(0, len(sound), 4096):
            out.write(sound[start:start + 4096])
except files.AudioFileError as error:
    print(error)
"""
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / name)], capture_output=True, text=True, check=True
    )
    assert f"Could not write {tmp_path / name}: the file is larger than the system allows" in run.stdout
    assert run.stderr == ""
    assert_clean(tmp_path)


def test_no_permission(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(writer, "RecordingFile", refuse)
    with pytest.raises(files.AudioFileError, match="a.wav: there is no permission to write there"):
        write(tmp_path / "a.wav", noise(10, 1))


# Four gigabytes


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_wav_turns_into_rf64_at_its_limit(tmp_path, monkeypatch, subtype):
    monkeypatch.setattr(writer, "_FOUR_GIGABYTES", 50_000)
    sound = noise(30_000, 1)
    with files.AudioWriter(tmp_path / "a.wav", rate=8000, channels=1, subtype=subtype) as out:
        for start in range(0, len(sound), 5000):
            out.write(sound[start : start + 5000])
    assert (tmp_path / "a.wav").read_bytes()[:4] == b"RF64"
    assert files.inspect(tmp_path / "a.wav").subtype == subtype
    write(tmp_path / "b.rf64", sound, 8000, subtype=subtype)
    np.testing.assert_array_equal(files.read(tmp_path / "a.wav")[0], files.read(tmp_path / "b.rf64")[0])
    assert_clean(tmp_path, "a.wav", "b.rf64")


def test_aiff_says_that_it_ends_at_its_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "_FOUR_GIGABYTES", 50_000)
    with pytest.raises(files.AudioFileError, match="AIFF holds at most 4 GB; write to .wav"):
        write(tmp_path / "a.aiff", noise(30_000, 1))
    assert_clean(tmp_path)


# Streams


def test_standard_output():
    code = (
        "import sys, numpy as np; from melgan_vc.audio import files\n"
        "with files.AudioWriter(sys.stdout.buffer, rate=8000, channels=2) as out:\n"
        "    out.write(np.full((1000, 2), 0.5, np.float32))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    sound, rate = files.read(io.BytesIO(run.stdout))
    assert rate == 8000 and sound.shape == (1000, 2) and np.all(sound == 0.5)


def test_a_stream_whose_reader_has_gone():
    class Gone(io.RawIOBase):
        def writable(self):
            return True

        def write(self, data):
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    with pytest.raises(files.AudioFileError, match="the stream: the program that reads it has gone"):
        write(Gone(), noise(10, 1))
