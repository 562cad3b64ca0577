"""Reading: every format comes back whole, in blocks as at once, at any rate."""

import io
import os
import struct
import subprocess
import sys
import threading
import tracemalloc

import av
import numpy as np
import pytest
import soundfile

from melgan_vc.audio import files, pyav_decoder


def noise(frames, channels):
    """Smooth noise: no two stretches of it are alike, so that a shift or a gap shows."""
    steps = np.random.default_rng(0).normal(size=(frames + 31, channels))
    return np.stack([np.convolve(c, np.hanning(32) / 80, "valid") for c in steps.T], 1).astype(np.float32)


def sine(frames, rate):
    return (0.5 * np.sin(2 * np.pi * 1000 * np.arange(frames) / rate)).astype(np.float32)


def encode(path, sound, rate, *, container, codec, layout="stereo", seconds_of_picture=0):
    """Write `sound` (and, if asked, a black picture) with FFmpeg."""
    with av.open(str(path), "w", format=container) as out:
        if seconds_of_picture:
            video = out.add_stream("mpeg4", rate=10)
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        audio = out.add_stream(codec, rate=rate, layout=layout)
        if codec == "wmav2":
            audio.bit_rate = 128_000
        for _ in range(seconds_of_picture * 10):
            picture = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
            out.mux(video.encode(picture))
        if seconds_of_picture:
            out.mux(video.encode(None))
        frame = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="flt", layout=layout)
        frame.sample_rate, frame.pts = rate, 0
        out.mux(audio.encode(frame))
        out.mux(audio.encode(None))
    return path


LOSSLESS = [
    ("wav", "PCM_U8", 8),
    ("wav", "PCM_16", 16),
    ("wav", "PCM_24", 24),
    ("wav", "PCM_32", 24),
    ("wav", "FLOAT", 24),
    ("wav", "DOUBLE", 24),
    ("aiff", "PCM_S8", 8),
    ("aiff", "PCM_24", 24),
    ("flac", "PCM_S8", 8),
    ("flac", "PCM_16", 16),
    ("flac", "PCM_24", 24),
    ("w64", "PCM_16", 16),
    ("caf", "PCM_16", 16),
    ("au", "PCM_16", 16),
]


@pytest.mark.parametrize("extension, subtype, bits", LOSSLESS)
@pytest.mark.parametrize("rate, channels", [(44100, 1), (8000, 2), (96000, 6)])
def test_lossless_formats_come_back_to_the_last_bit(tmp_path, extension, subtype, bits, rate, channels):
    step = 2.0 ** -(bits - 1)
    sound = (np.round(noise(5002, channels) / step) * step).astype(np.float32)
    path = tmp_path / f"sound.{extension}"
    soundfile.write(path, (sound.astype(np.float64) * 2**31).astype(np.int32), rate, subtype=subtype)
    if subtype in ("FLOAT", "DOUBLE"):
        soundfile.write(path, sound, rate, subtype=subtype)

    back, back_rate = files.read(path)

    assert back_rate == rate and back.dtype == np.float32
    np.testing.assert_array_equal(back, sound)


def test_float_file_keeps_what_lies_beyond_full_scale(tmp_path):
    soundfile.write(tmp_path / "loud.wav", np.array([0.0, 3.5, -2.25]), 8000, subtype="FLOAT")
    np.testing.assert_array_equal(files.read(tmp_path / "loud.wav", mono=True)[0], [0.0, 3.5, -2.25])


@pytest.mark.parametrize("extension", ["ogg", "opus", "mp3", "m4a", "webm"])
@pytest.mark.parametrize("frames", [960, 5001, 100001])
def test_lossy_formats_keep_length_and_place(tmp_path, extension, frames):
    sound = noise(frames, 2)
    path = tmp_path / f"sound.{extension}"
    with files.AudioWriter(path, rate=48000, channels=2) as out:
        out.write(sound)

    back, rate = files.read(path)

    assert (rate, back.shape) == (48000, (frames, 2))
    agreement = [np.corrcoef(back[:, c], sound[:, c])[0, 1] for c in (0, 1)]
    assert min(agreement) > 0.97  # one sample of shift would give 0.9 or less


@pytest.mark.parametrize("extension", ["wav", "flac", "ogg", "opus", "mp3", "m4a"])
def test_blocks_join_to_the_whole(tmp_path, extension):
    path = tmp_path / f"sound.{extension}"
    with files.AudioWriter(path, rate=48000, channels=2) as out:
        out.write(noise(70001, 2))
    with files.AudioReader(path) as reader:
        blocks = list(reader.blocks(999))

    assert {len(block) for block in blocks[:-1]} == {999} and 0 < len(blocks[-1]) <= 999
    assert reader.frames_read == 70001
    np.testing.assert_array_equal(np.concatenate(blocks), files.read(path)[0])


@pytest.mark.parametrize("extension", ["mp3", "opus", "ogg", "flac", "wav"])
def test_blocks_agree_with_soundfile_in_one_go(tmp_path, extension):
    # soundfile seeks after every read of a block, which garbles MP3 (an error of 0.36) and Opus (0.003).
    path = tmp_path / f"sound.{extension}"
    with files.AudioWriter(path, rate=48000, channels=2) as out:
        out.write(noise(2 * 65536 + 1, 2))
    expected, _ = soundfile.read(path)
    with files.AudioReader(path) as reader:
        np.testing.assert_allclose(np.concatenate(list(reader.blocks(1000))), expected, atol=1e-5)


def test_mp3_without_a_length_header_is_read_to_its_end(tmp_path):
    path = tmp_path / "sound.mp3"
    soundfile.write(path, noise(100001, 2), 44100)
    content = path.read_bytes()
    assert b"Xing" in content[:200] or b"Info" in content[:200]
    path.write_bytes(content[content.index(b"\xff\xfb", 4) :])
    assert 100001 <= len(files.read(path)[0]) < 100001 + 3 * 1152


@pytest.mark.parametrize(
    "name, container, codec",
    [
        ("a.aac", "adts", "aac"),
        ("a.webm", "webm", "libopus"),
        ("a.mka", "matroska", "flac"),
        ("a.m4a", "ipod", "alac"),
        ("a.ac3", "ac3", "ac3"),
        ("a.wma", "asf", "wmav2"),
    ],
)
def test_what_libsndfile_cannot_read_goes_through_ffmpeg(tmp_path, name, container, codec):
    path = encode(tmp_path / name, sine(48000, 48000)[:, None].repeat(2, 1), 48000, container=container, codec=codec)
    sound, rate = files.read(path, mono=True)
    # Raw streams keep the encoder's padding, and FFmpeg's WMA loses its first packet.
    assert rate == 48000 and 48000 - 2048 < len(sound) < 48000 + 4096
    spectrum = np.abs(np.fft.rfft(sound[8000:32000] * np.hanning(24000)))
    assert np.argmax(spectrum) * 2 == 1000 and spectrum.max() / 6000 == pytest.approx(0.5, rel=0.05)


def test_g722(tmp_path):
    path = encode(
        tmp_path / "call.g722",
        sine(16000, 16000)[:, None],
        16000,
        container="g722",
        codec="g722",
        layout="mono",
    )
    sound, rate = files.read(path, mono=True)
    assert (rate, len(sound)) == (16000, 16000) and np.std(sound) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)


@pytest.mark.parametrize("container, codec, name", [("mp4", "aac", "clip.mp4"), ("avi", "mp3", "clip.avi")])
def test_sound_of_a_video(tmp_path, container, codec, name):
    sound = noise(44100, 2)
    path = encode(tmp_path / name, sound, 44100, container=container, codec=codec, seconds_of_picture=1)
    back, rate = files.read(path)
    assert rate == 44100 and abs(len(back) - 44100) < 4 * 1152
    assert np.std(back) == pytest.approx(np.std(sound), rel=0.1)


def test_more_channels_than_a_frame_has_planes(tmp_path):
    sound = noise(5000, 8)
    path = encode(tmp_path / "a.mka", sound, 44100, container="matroska", codec="flac", layout="7.1")
    np.testing.assert_allclose(files.read(path)[0], sound, atol=2**-15)


def test_tags_that_are_not_utf8_are_no_obstacle(tmp_path):
    path = tmp_path / "a.mp3"
    soundfile.write(path, noise(48000, 1), 48000)
    text = b"\x03caf\xe9 au lait"  # says UTF-8, is Latin-1
    frame = b"TIT2" + struct.pack(">I", len(text)) + b"\0\0" + text
    path.write_bytes(b"ID3\x03\0\0" + struct.pack(">I", len(frame)) + frame + path.read_bytes())
    assert len(files.read(path)[0]) == 48000


def test_a_playlist_opens_no_other_file(tmp_path):
    soundfile.write(tmp_path / "secret.mp3", noise(48000, 1), 48000)
    playlist = tmp_path / "list.m3u8"
    playlist.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.mp3\n#EXT-X-ENDLIST\n")
    with pytest.raises(files.AudioFileError, match="list.m3u8"):
        files.read(playlist)


def test_mono_is_the_mean_of_the_channels(tmp_path):
    sound = noise(1000, 3)
    soundfile.write(tmp_path / "a.wav", sound, 8000, subtype="FLOAT")
    mono, _ = files.read(tmp_path / "a.wav", mono=True)
    np.testing.assert_allclose(mono, sound.mean(1), atol=1e-7)


# Resampling


@pytest.mark.parametrize("source_rate, rate", [(44100, 22050), (22050, 48000), (48000, 44100), (8000, 22050)])
def test_resampling_keeps_frequency_and_level(tmp_path, source_rate, rate):
    soundfile.write(tmp_path / "a.wav", sine(source_rate, source_rate), source_rate, subtype="FLOAT")
    sound, got = files.read(tmp_path / "a.wav", rate=rate, mono=True)
    assert got == rate
    middle = slice(rate // 4, 3 * rate // 4)
    np.testing.assert_allclose(sound[middle], sine(rate, rate)[middle], atol=2e-4)


@pytest.mark.parametrize("source_rate, rate", [(44100, 22050), (44100, 48000), (11025, 48000), (96000, 16000)])
@pytest.mark.parametrize("frames", [13, 1000, 30001])
def test_resampled_length_and_blocks(tmp_path, source_rate, rate, frames):
    soundfile.write(tmp_path / "a.wav", noise(frames, 2), source_rate, subtype="FLOAT")
    whole, _ = files.read(tmp_path / "a.wav", rate=rate)
    assert len(whole) == (2 * frames * rate + source_rate) // (2 * source_rate)  # rounded, a half upwards

    resampler = files.Resampler(source_rate, rate, channels=2)
    sound, _ = soundfile.read(tmp_path / "a.wav", dtype="float32")
    parts = [resampler.process(sound[i : i + 77]) for i in range(0, frames, 77)]
    parts.append(resampler.process(sound[:0], last=True))
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-4)


def test_equal_rates_pass_untouched():
    block = noise(10, 2)
    assert files.Resampler(8000, 8000, channels=2).process(block) is block


# Headers


def wav_with_sizes(path, riff, data, keep=None):
    soundfile.write(path, noise(10001, 1), 44100)
    content = bytearray(path.read_bytes())
    content[4:8] = struct.pack("<I", riff)
    place = content.index(b"data") + 4
    content[place : place + 4] = struct.pack("<I", data)
    path.write_bytes(content[:keep])
    return path


@pytest.mark.parametrize("riff, data", [(0, 0), (0xFFFFFFFF, 0xFFFFFFFF), (500000, 400000), (20038, 0)])
def test_wav_whose_header_lies_gives_what_is_there(tmp_path, riff, data):
    with files.AudioReader(wav_with_sizes(tmp_path / "a.wav", riff, data)) as reader:
        assert sum(map(len, reader.blocks())) == 10001 == reader.frames_read


def test_truncated_files_give_what_is_there(tmp_path):
    assert len(files.read(wav_with_sizes(tmp_path / "a.wav", 20038, 20002, keep=44 + 5001))[0]) == 2500
    for name, least in [("a.flac", 40000), ("a.mp3", 40000), ("a.ogg", 20000)]:
        path = tmp_path / name
        soundfile.write(path, noise(100001, 1), 44100)
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        assert least < len(files.read(path)[0]) < 60000, name


def test_damage_in_the_middle_costs_little(tmp_path):
    for name in ("a.flac", "a.mp3"):
        path = tmp_path / name
        soundfile.write(path, noise(200001, 1), 44100)
        content = bytearray(path.read_bytes())
        half = len(content) // 2
        content[half : half + 2000] = bytes(2000)
        path.write_bytes(content)
        assert len(files.read(path)[0]) > 170000, name


def test_flac_that_states_no_length(tmp_path):
    path = tmp_path / "a.flac"
    soundfile.write(path, noise(10001, 1), 44100)
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    path.write_bytes(content)
    assert files.inspect(path).frames is None
    assert len(files.read(path)[0]) == 10001


def test_only_as_much_as_an_encoder_pads_is_cut_from_a_stated_length():
    blocks = list(noise(20 * 1024, 1).reshape(20, 1024, 1))
    cut = np.concatenate(list(pyav_decoder._without_padding(iter(blocks), 19 * 1024 + 3)))
    np.testing.assert_array_equal(cut, np.concatenate(blocks)[: 19 * 1024 + 3])
    kept = np.concatenate(list(pyav_decoder._without_padding(iter(blocks), 10003)))  # 10 blocks more: a false length
    np.testing.assert_array_equal(kept, np.concatenate(blocks))


def test_inspect(tmp_path):
    soundfile.write(tmp_path / "a.flac", noise(22050, 2), 44100, subtype="PCM_24")
    info = files.inspect(tmp_path / "a.flac")
    assert info == files.AudioInfo(tmp_path / "a.flac", 44100, 2, 22050, 0.5, "FLAC", "PCM_24")

    soundfile.write(tmp_path / "a.wav", noise(8000, 1), 8000, subtype="PCM_U8")
    info = files.inspect(tmp_path / "a.wav")
    assert (info.rate, info.frames, info.seconds, info.format, info.subtype) == (
        8000,
        8000,
        1.0,
        "WAV",
        "PCM_U8",
    )

    soundfile.write(tmp_path / "a.mp3", noise(44100, 1), 44100)
    info = files.inspect(tmp_path / "a.mp3")
    assert (info.frames, info.format) == (None, "MP3") and info.seconds == pytest.approx(1.0, abs=0.1)


# Sources that are no path


def test_file_objects_are_read_from_where_they_stand_and_stay_open(tmp_path):
    memory = io.BytesIO()
    soundfile.write(memory, noise(1000, 1), 8000, format="WAV", subtype="FLOAT")
    expected = noise(1000, 1)
    np.testing.assert_array_equal(files.read(io.BytesIO(memory.getvalue()))[0], expected)
    shifted = io.BytesIO(b"junk" + memory.getvalue())
    shifted.seek(4)
    np.testing.assert_array_equal(files.read(shifted)[0], expected)
    assert not shifted.closed


@pytest.mark.parametrize("extension", ["wav", "m4a"])
def test_standard_input(tmp_path, extension):
    path = tmp_path / f"a.{extension}"
    with files.AudioWriter(path, rate=44100, channels=2) as out:
        out.write(noise(44100, 2))
    code = "import sys; from melgan_vc.audio import files; print(files.read(sys.stdin.buffer)[0].shape)"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        answer, _ = program.communicate(path.read_bytes())
    assert answer.strip() == b"(44100, 2)"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_named_pipe(tmp_path):
    memory = io.BytesIO()
    soundfile.write(memory, noise(1000, 1), 8000, format="WAV")
    os.mkfifo(tmp_path / "pipe.wav")
    feeder = threading.Thread(target=(tmp_path / "pipe.wav").write_bytes, args=(memory.getvalue(),))
    feeder.start()
    sound, _ = files.read(tmp_path / "pipe.wav")
    feeder.join()
    assert len(sound) == 1000


@pytest.mark.parametrize("extension", ["wav", "flac"])
def test_memory_does_not_grow_with_the_file(tmp_path, extension):
    def peak(minutes):
        path = tmp_path / f"{minutes}.{extension}"
        with files.AudioWriter(path, rate=48000, channels=2) as out:
            second = noise(48000, 2)
            for _ in range(60 * minutes):
                out.write(second)
        tracemalloc.start()
        with files.AudioReader(path, rate=16000) as reader:
            frames = sum(map(len, reader.blocks()))
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert frames == minutes * 60 * 16000
        return highest

    assert peak(10 if extension == "wav" else 4) < 1.2 * peak(1) < 20e6
