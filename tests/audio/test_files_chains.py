"""Ogg files that were joined: every link is heard, to the sample."""

import io

import av
import numpy as np
import pytest
import soundfile

from melgan_vc.audio import files
from melgan_vc.audio.ogg_links import ogg_links


def noise(frames, channels=1, seed=0):
    """Smooth noise: no two stretches of it are alike, so that a shift or a gap shows."""
    steps = np.random.default_rng(seed).normal(size=(frames + 31, channels))
    return np.stack([np.convolve(c, np.hanning(32) / 80, "valid") for c in steps.T], 1).astype(np.float32)


def ogg(sound, rate=48000, codec="VORBIS"):
    memory = io.BytesIO()
    soundfile.write(memory, sound, rate, format="OGG", subtype=codec)
    return memory.getvalue()


def read(content, **options):
    return files.read(io.BytesIO(content), **options)[0]


@pytest.mark.parametrize("codec", ["VORBIS", "OPUS"])
def test_every_link_of_a_chain_is_heard(codec):
    parts = [noise(frames, 2, seed) for seed, frames in enumerate((20001, 7, 33000))]
    links = [ogg(part, codec=codec) for part in parts]

    joined = read(b"".join(links))

    np.testing.assert_array_equal(joined, np.concatenate([read(link) for link in links]))
    assert np.corrcoef(joined[:, 0], np.concatenate(parts)[:, 0])[0, 1] > 0.97


def test_what_ffmpeg_alone_reads_is_joined_too():
    def flac_in_ogg(sound):
        memory = io.BytesIO()
        with av.open(memory, "w", format="ogg") as out:
            stream = out.add_stream("flac", rate=16000, layout="mono")
            frame = av.AudioFrame.from_ndarray(sound.T.copy(), format="flt", layout="mono")
            frame.sample_rate, frame.pts = 16000, 0
            out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        return memory.getvalue()

    first, second = noise(9001), noise(5000, seed=1)
    joined = read(flac_in_ogg(first) + flac_in_ogg(second))
    np.testing.assert_allclose(joined, np.concatenate([first, second]), atol=2**-15)


def test_links_of_other_rates_and_channels_become_like_the_first():
    links = [ogg(noise(24000, 2), 48000), ogg(noise(22051, 1, 1), 44100), ogg(noise(8000, 6, 2), 16000)]
    joined = read(b"".join(links))
    lengths = [24000, 24001, 24000]  # 22,051 frames at 44,100 Hz are 24,001.09 at 48,000
    assert joined.shape == (sum(lengths), 2)
    _, second, third = np.split(joined, np.cumsum(lengths)[:-1])
    resampled = read(links[1], rate=48000)
    np.testing.assert_allclose(second, resampled.repeat(2, axis=1), atol=1e-6)
    np.testing.assert_allclose(third[:, 1], read(links[2], rate=48000).mean(axis=1), atol=1e-3)


def test_the_length_of_a_chain_is_known_before_it_is_read(tmp_path):
    path = tmp_path / "radio.ogg"
    path.write_bytes(ogg(noise(10000)) + ogg(noise(5000), 24000) + ogg(noise(3000)))
    info = files.inspect(path)
    assert (info.frames, info.seconds, info.rate) == (23000, 23000 / 48000, 48000)
    assert (info.format, info.subtype) == ("OGG", "VORBIS")
    with files.AudioReader(path) as reader:
        assert sum(map(len, reader.blocks(999))) == 23000 == reader.frames_read


def test_links_that_are_empty_or_broken_are_left_out_and_counted():
    good, broken = ogg(noise(5000)), bytearray(ogg(noise(5000)))
    broken[58:] = bytes(len(broken) - 58)  # but for the page that begins it
    empty = ogg(np.zeros((0, 1), np.float32))
    for links in ([good, bytes(broken), good], [empty, good, good]):
        with files.AudioReader(io.BytesIO(b"".join(links))) as reader:
            assert sum(map(len, reader.blocks())) == 10000
            assert reader.damaged == 1
    with pytest.raises(files.AudioFileError, match="Expected an audio file, received: the stream"):
        read(empty + empty)


def test_a_chain_that_was_cut_off_gives_what_is_there():
    last = ogg(noise(100001))
    assert 5000 + 20000 < len(read(ogg(noise(5000)) + last[: len(last) // 2])) < 5000 + 60000


def test_streams_that_sound_at_the_same_time_are_one_link():
    memory = io.BytesIO()
    with av.open(memory, "w", format="ogg") as out:
        streams = [out.add_stream(codec, rate=48000, layout="mono") for codec in ("flac", "libopus")]
        for stream in streams:
            frame = av.AudioFrame.from_ndarray(noise(48000).T.copy(), format="flt", layout="mono")
            frame.sample_rate, frame.pts = 48000, 0
            out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
    content = memory.getvalue()
    assert [len(ogg_links(io.BytesIO(content * times))) for times in (1, 3)] == [1, 3]
    assert len(read(content * 2)) == 2 * len(read(content))


def test_links_are_found_across_the_pieces_that_are_searched(monkeypatch):
    monkeypatch.setattr("melgan_vc.audio.ogg_links._READ", 70_001)
    link = ogg(noise(60_000, 2), codec="OPUS")
    starts = [found._start for found in ogg_links(io.BytesIO(link * 9))]
    assert starts == [len(link) * number for number in range(9)]
