"""Tags: title, artist and so on go from file to file, whatever the formats."""

import io
import struct

import av
import numpy as np
import pytest
import soundfile

from melgan_vc.audio import files, writer
from melgan_vc.audio.formats import OUTPUT_FORMATS
from melgan_vc.audio.tags import NAMES, known_tags

SOUND = np.random.default_rng(0).uniform(-0.5, 0.5, 5000).astype(np.float32)
TAGS = {
    "title": "Für Elise – 月光",
    "artist": "Ärtist & Söhne",
    "album": "Album",
    "album_artist": "Many",
    "composer": "Beethoven",
    "genre": "Classical",
    "date": "2021",
    "track": "3/12",
    "disc": "1/2",
    "comment": "The first line\nand the second",
    "copyright": "(c) somebody",
    "license": "CC0",
    "lyrics": "la la",
}
BASIC = {"title", "artist", "comment", "copyright"}
MOST = BASIC | {"album", "genre", "date", "track"}
HELD = {
    ".wav": MOST,
    ".rf64": MOST,
    ".w64": set(),
    ".aiff": BASIC,
    ".aif": BASIC,
    ".flac": set(TAGS),
    ".ogg": set(TAGS),
    ".opus": set(TAGS),
    ".mp3": set(TAGS),
    ".m4a": set(TAGS) - {"license"},
    ".aac": set(TAGS),
    ".webm": set(TAGS),
}


def write(path, tags, sound=SOUND, **options):
    with files.AudioWriter(path, rate=48000, channels=1, tags=tags, **options) as out:
        out.write(sound)
    return path


def tags_of(source):
    with files.AudioReader(source) as reader:
        return reader.tags


@pytest.mark.parametrize("extension", OUTPUT_FORMATS)
def test_tags_come_back_from_every_format_that_holds_them(tmp_path, extension):
    path = write(tmp_path / f"a{extension}", TAGS)
    assert tags_of(path) == {name: text for name, text in TAGS.items() if name in HELD[extension]}
    assert len(files.read(path)[0]) == len(SOUND)
    assert tags_of(write(tmp_path / f"b{extension}", tags_of(path))) == tags_of(path)


@pytest.mark.parametrize("extension", [".flac", ".ogg", ".opus"])
@pytest.mark.parametrize("tags", [TAGS, {"disc": "1"}, {"license": "CC0"}, {"composer": "B", "lyrics": "x" * 11_000}])
def test_other_programs_read_the_tags_of_flac_and_ogg(tmp_path, extension, tags):
    path = write(tmp_path / f"a{extension}", tags)
    plain = write(tmp_path / f"b{extension}", None)
    assert tags_of(path) == tags
    for reader in (soundfile.read, files.read):
        np.testing.assert_array_equal(reader(path)[0], reader(plain)[0])
    with soundfile.SoundFile(path) as file:
        assert (file.title, file.license) == (tags.get("title", ""), tags.get("license", ""))


@pytest.mark.parametrize("extension", OUTPUT_FORMATS)
def test_sound_without_tags_stays_without(tmp_path, extension):
    assert tags_of(write(tmp_path / f"a{extension}", None)) == {}


@pytest.mark.parametrize("extension", OUTPUT_FORMATS)
def test_odd_and_long_tags_are_no_obstacle(tmp_path, extension):
    odd = {
        "title": "a\0b\r\n\t\u200b😀",
        "comment": "x" * 100_000,
        "artist": " ",
        "mood": "odd",
        "track": "no number",
    }
    path = write(tmp_path / f"a{extension}", odd)
    assert set(tags_of(path)) <= {"title", "comment", "track"}
    assert ("title" in tags_of(path)) == (extension != ".w64")
    assert len(files.read(path)[0]) == len(SOUND)


def test_what_describes_the_encoding_or_the_recording_is_no_tag():
    found = {
        "encoder": "LAME",
        "ENCODED_BY": "somebody",
        "DURATION": "00:00:01",
        "REPLAYGAIN_TRACK_GAIN": "-6 dB",
        "iTunSMPB": "0",
        "major_brand": "M4A",
        "ISRC": "X",
        "title": "",
        "ARTIST": "Nina",
        "ALBUMARTIST": "Many",
        "tracknumber": "4",
    }
    assert known_tags(found) == {"artist": "Nina", "album_artist": "Many", "track": "4"}
    assert known_tags({name.upper(): "x" for name in NAMES}).keys() == set(NAMES)


def test_tags_of_a_video_are_those_of_the_whole(tmp_path):
    with av.open(str(tmp_path / "a.mkv"), "w") as out:
        out.metadata.update({"title": "A film", "artist": "Everybody"})
        stream = out.add_stream("flac", rate=48000, layout="mono")
        stream.metadata["title"] = "Commentary"
        frame = av.AudioFrame.from_ndarray(SOUND[None], format="flt", layout="mono")
        frame.sample_rate, frame.pts = 48000, 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    assert tags_of(tmp_path / "a.mkv") == {"title": "A film", "artist": "Everybody"}


def id3(text):
    frame = b"TIT2" + struct.pack(">I", len(text)) + b"\0\0" + text
    return b"ID3\x03\0\0" + struct.pack(">I", len(frame)) + frame


def test_id3_in_a_chunk_of_a_wav(tmp_path):
    tag = id3(b"\0Caf\xe9")
    soundfile.write(tmp_path / "a.wav", SOUND, 8000)
    content = (tmp_path / "a.wav").read_bytes()
    assert tags_of(io.BytesIO(content + b"id3 " + struct.pack("<I", len(tag)) + tag)) == {"title": "Café"}


def test_tags_that_claim_to_be_utf8_are_read_as_latin1(tmp_path):
    write(tmp_path / "a.mp3", None)
    content = (tmp_path / "a.mp3").read_bytes()
    assert tags_of(io.BytesIO(id3(b"\x03Caf\xe9 \x80") + content)) == {"title": "Café €"}
    old = b"TAG" + b"Caf\xe9".ljust(30, b"\0") + b"Nina".ljust(30, b"\0") + bytes(64) + b"\xff"
    assert tags_of(io.BytesIO(content + old)) == {"title": "Café", "artist": "Nina"}


def test_tags_of_joined_ogg_files_are_those_of_the_first(tmp_path):
    links = [write(tmp_path / f"{name}.ogg", {"title": name}).read_bytes() for name in ("one", "two")]
    assert tags_of(io.BytesIO(b"".join(links))) == {"title": "one"}


def test_tags_before_a_length_that_lies_are_still_there(tmp_path):
    content = bytearray(write(tmp_path / "a.wav", {"title": "Long"}).read_bytes())
    place = content.index(b"data") + 4
    content[place : place + 4] = struct.pack("<I", 1000)
    assert tags_of(io.BytesIO(content)) == {"title": "Long"}
    assert len(files.read(io.BytesIO(content))[0]) == len(SOUND)


def test_a_wav_that_turns_into_rf64_keeps_its_tags(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "_FOUR_GIGABYTES", 5_000)
    path = write(tmp_path / "a.wav", {"title": "Long"})
    assert path.read_bytes()[:4] == b"RF64" and tags_of(path) == {"title": "Long"}
