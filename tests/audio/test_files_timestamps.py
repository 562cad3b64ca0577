"""Timestamps: silence stands where the sound of a video or of a Matroska, MP4 or WebM file has none."""

import io

import av
import numpy as np
import pytest

from melgan_vc.audio import files

RATE = 48000


def noise(frames, channels=1):
    """Smooth noise: no two stretches of it are alike, so that a shift or a gap shows."""
    steps = np.random.default_rng(0).normal(size=(frames + 31, channels))
    return np.stack([np.convolve(c, np.hanning(32) / 80, "valid") for c in steps.T], 1).astype(np.float32)


def encode(
    container, codec, sound, *, late=0.0, hole=(0.0, 0.0), picture=False, picture_late=0.0, b_frames=0, movflags=""
):
    """A file whose sound starts `late` seconds and has a hole (after seconds, of seconds)."""
    memory = io.BytesIO()
    layout = {1: "mono", 2: "stereo"}[sound.shape[1]]
    with av.open(memory, "w", format=container, options={"movflags": movflags} if movflags else {}) as out:
        if picture:
            video = out.add_stream("mpeg4", rate=10)
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
            video.codec_context.max_b_frames = b_frames
        audio = out.add_stream(codec, rate=RATE, layout=layout)
        audio.bit_rate = 128_000
        if picture:
            black = np.zeros((48, 64, 3), np.uint8)
            shown = [video.encode(av.VideoFrame.from_ndarray(black, format="rgb24")) for _ in range(20)]
            for packet in sum(shown, []) + video.encode(None):
                shift = round(picture_late / packet.time_base)
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                out.mux(packet)
        packets = []
        for start in range(0, len(sound), 960):
            piece = np.ascontiguousarray(sound[start : start + 960]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(piece, format="flt", layout=layout)
            frame.sample_rate, frame.pts = RATE, start
            packets += audio.encode(frame)
        for packet in packets + audio.encode(None):
            time = packet.pts * packet.time_base
            shift = round((late + (hole[1] if time >= hole[0] else 0.0)) / packet.time_base)
            packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
            out.mux(packet)
    return memory.getvalue()


def read(content):
    return files.read(io.BytesIO(content))[0]


KINDS = [
    ("matroska", "flac"),
    ("matroska", "aac"),
    ("matroska", "libopus"),
    ("matroska", "libmp3lame"),
    ("matroska", "pcm_s16le"),
    ("webm", "libopus"),
    ("mp4", "aac"),
    ("mp4", "flac"),
    ("mp4", "libopus"),
    ("mp4", "libmp3lame"),
    ("ipod", "alac"),
]


@pytest.mark.parametrize("container, codec", KINDS)
def test_sound_that_starts_late_or_has_a_hole_keeps_its_time(container, codec):
    sound = noise(RATE)
    plain = read(encode(container, codec, sound))

    late = read(encode(container, codec, sound, late=1.5))
    # Where a container keeps the encoder's delay, it comes before the 1.5 s.
    assert -1152 < len(late) - len(plain) - 1.5 * RATE <= 0.001 * RATE
    start = len(late) - len(plain)
    assert not late[: start - 2 * 1152].any()  # the encoder's delay comes before the sound
    assert np.corrcoef(late[start:, 0][9600:-9600], plain[:, 0][9600:-9600])[0, 1] > 0.999

    broken = read(encode(container, codec, sound, hole=(0.5, 2.0)))
    assert abs(len(broken) - len(plain) - 2 * RATE) <= 0.001 * RATE
    assert not broken[RATE : 2 * RATE].any()
    for stretch in (slice(0, RATE // 3), slice(-RATE // 3, None)):
        assert np.corrcoef(broken[stretch, 0], plain[stretch, 0])[0, 1] > 0.9


@pytest.mark.parametrize("container, codec", KINDS)
def test_rounded_timestamps_and_an_encoders_delay_add_nothing(container, codec):
    sound = noise(3 * RATE + 77)
    length = len(read(encode(container, codec, sound)))
    assert -0.001 * RATE <= length - len(sound) < 2 * 1152  # an edit list counts in milliseconds


@pytest.mark.parametrize("container, codec", [("mpegts", "aac"), ("avi", "libmp3lame"), ("asf", "wmav2")])
def test_a_video_that_does_not_start_at_zero_adds_nothing(container, codec):
    sound = noise(2 * RATE)
    if codec == "wmav2":
        sound = sound.repeat(2, axis=1)
    for picture in (False, True):
        assert abs(len(read(encode(container, codec, sound, picture=picture))) - len(sound)) < 4 * 1152


def test_sound_that_starts_after_the_picture():
    sound = noise(RATE)
    late = read(encode("mpegts", "aac", sound, late=1.0, picture=True))
    assert abs(len(late) - 2 * RATE) < 1024
    assert not late[: RATE - 1024].any()
    assert np.corrcoef(late[RATE + 9600 : 2 * RATE - 9600, 0], sound[9600:-9600, 0])[0, 1] > 0.9


@pytest.mark.parametrize("container", ["matroska", "mp4"])
def test_a_film_that_was_cut_from_a_longer_one_starts_with_its_picture(container):
    sound = noise(RATE)
    plain = len(read(encode(container, "flac", sound, picture=True)))
    film = {"late": 30.0, "picture": True}
    assert abs(len(read(encode(container, "flac", sound, **film, picture_late=30.0))) - plain) <= 0.001 * RATE
    late = read(encode(container, "flac", sound, **film, picture_late=29.0))
    assert abs(len(late) - plain - RATE) <= 0.001 * RATE


@pytest.mark.parametrize("codec", ["flac", "aac", "libopus"])
@pytest.mark.parametrize("movflags", ["", "frag_keyframe+empty_moov"])
def test_a_picture_whose_frames_are_reordered_delays_no_sound(codec, movflags):
    sound = noise(2 * RATE)
    film = encode("mp4", codec, sound, picture=True, b_frames=2, movflags=movflags)
    assert -0.001 * RATE <= len(read(film)) - len(sound) < 2 * 1152


def test_a_timestamp_of_hours_does_not_fill_the_disk():
    content = encode("matroska", "flac", noise(RATE, 2), hole=(0.5, 40_000.0))
    assert len(read(content)) == RATE


def test_a_hole_is_silent_in_every_channel_and_block():
    content = encode("matroska", "flac", noise(RATE, 2), late=4.0)
    with files.AudioReader(io.BytesIO(content)) as reader:
        blocks = list(reader.blocks(1000))
    assert {block.shape for block in blocks[:-1]} == {(1000, 2)}
    assert reader.frames_read == 5 * RATE and not np.concatenate(blocks)[: 4 * RATE].any()
