"""Bad input gets one sentence that names the file; never a library's traceback."""

import builtins
import io

import av
import numpy as np
import pytest
import soundfile

from melgan_vc.audio import files
from melgan_vc.errors import MelganVcError


def noise(frames, channels):
    """Smooth noise: no two stretches of it are alike, so that a shift or a gap shows."""
    steps = np.random.default_rng(0).normal(size=(frames + 31, channels))
    return np.stack([np.convolve(c, np.hanning(32) / 80, "valid") for c in steps.T], 1).astype(np.float32)


def refusal(path, **options):
    """The one sentence, for a path that must be refused."""
    with pytest.raises(files.AudioFileError) as caught:
        files.read(path, **options)
    message = str(caught.value)
    assert isinstance(caught.value, MelganVcError) and "\n" not in message
    return message


def test_missing_file_with_the_nearest_name(tmp_path):
    soundfile.write(tmp_path / "prelude.wav", noise(10, 1), 8000)
    message = refusal(tmp_path / "preldue.wav")
    assert "preldue.wav" in message and "does not exist" in message and "did you mean 'prelude.wav'?" in message
    assert "nor does its folder" in refusal(tmp_path / "nowhere" / "a.wav")


def test_a_folder(tmp_path):
    assert "it is a folder" in refusal(tmp_path)


def test_no_permission(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.wav").write_bytes(b"RIFF")
    monkeypatch.setattr(builtins, "open", refuse)
    assert "no permission" in refusal(tmp_path / "a.wav")


@pytest.mark.parametrize(
    "name, content",
    [
        ("text.wav", b"these are only words, nothing that sounds\n" * 40),
        ("text.txt", b"these are only words, nothing that sounds\n" * 40),
        ("zeros.flac", bytes(100000)),
        ("noise.mp3", np.random.default_rng(0).bytes(100000)),
        ("one.wav", b"R"),
        ("header.wav", b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0"),
        ("page.m4a", b"<!DOCTYPE html><html><body>404 not found</body></html>"),
        ("words.raw", b"no header at all"),
    ],
)
def test_content_that_is_no_audio(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    message = refusal(tmp_path / name)
    assert message.startswith("Expected an audio file, received: ") and name in message


def test_empty_file(tmp_path):
    (tmp_path / "empty.wav").touch()
    assert "empty.wav (it is empty)" in refusal(tmp_path / "empty.wav")
    assert "it is empty" in refusal(io.BytesIO())


def test_audio_file_with_no_samples(tmp_path):
    for name in ("a.wav", "a.flac", "a.ogg"):
        soundfile.write(tmp_path / name, np.zeros(0), 8000)
        assert name in refusal(tmp_path / name)


def test_one_sample_is_enough(tmp_path):
    for name in ("a.wav", "a.flac", "a.ogg"):
        soundfile.write(tmp_path / name, np.array([0.5]), 48000)
        assert files.read(tmp_path / name)[0].shape == (1, 1), name


def test_too_short_for_the_rate(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.array([0.5]), 48000)
    assert "1 frames at 48000 Hz" in refusal(tmp_path / "a.wav", rate=8000)


def test_video_without_sound(tmp_path):
    path = tmp_path / "silent film.mp4"
    with av.open(str(path), "w") as out:
        video = out.add_stream("mpeg4", rate=10)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        out.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")))
        out.mux(video.encode(None))
    assert "silent film.mp4" in refusal(path) and "no sound track" in refusal(path)


def test_m4a_cut_off_before_its_index(tmp_path):
    with files.AudioWriter(tmp_path / "a.m4a", rate=44100, channels=1) as out:
        out.write(noise(44100, 1))
    content = (tmp_path / "a.m4a").read_bytes()
    (tmp_path / "a.m4a").write_bytes(content[: len(content) // 2])
    assert "cut off" in refusal(tmp_path / "a.m4a")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_says_where(tmp_path, bad):
    sound = noise(100000, 2).astype(np.float64)
    sound[80000, 1] = bad
    soundfile.write(tmp_path / "a.wav", sound, 10000, subtype="DOUBLE")
    message = refusal(tmp_path / "a.wav", rate=8000)
    assert "a.wav" in message and "channel 2 at 8.000 s" in message and str(bad) in message
    sound, _ = files.read(tmp_path / "a.wav", allow_nan=True)
    assert not np.isfinite(sound[80000, 1])


def test_odd_names_are_fine(tmp_path):
    path = tmp_path / "Für Elise – 月光 🎹 (live).wav"
    with files.AudioWriter(path, rate=8000, channels=1) as out:
        out.write(noise(10, 1))
    assert len(files.read(path)[0]) == 10
    assert "Für Elise" in refusal(path.with_suffix(".flac"))


def test_a_name_that_is_not_utf8(tmp_path):
    path = tmp_path / "caf\udce9.wav"
    try:
        with files.AudioWriter(path, rate=8000, channels=1) as out:
            out.write(noise(10, 1))
    except OSError:
        pytest.skip("the file system wants UTF-8")
    assert len(files.read(path)[0]) == 10
    refusal(path.with_suffix(".flac")).encode("utf-8")  # can be printed


def test_wrong_arguments(tmp_path):
    soundfile.write(tmp_path / "a.wav", noise(10, 1), 8000)
    with pytest.raises(MelganVcError, match="whole Hz"):
        files.AudioReader(tmp_path / "a.wav", rate=0)
    with files.AudioReader(tmp_path / "a.wav") as reader:
        with pytest.raises(files.AudioFileError, match="at least 1 frame"):
            reader.blocks(0)
        list(reader.blocks())
        with pytest.raises(files.AudioFileError, match="open it again"):
            reader.blocks()
    with pytest.raises(files.AudioFileError, match="bytes of an audio file"):
        stream = io.StringIO("text")
        stream.seek(2)
        files.read(stream)
