"""Headers that lie about the length: all the sound is heard, and no tags as sound."""

import io
import struct

import numpy as np
import pytest
import soundfile

from melgan_vc.audio import files

FRAMES = 10001


def noise(channels=1, frames=FRAMES):
    return np.random.default_rng(0).uniform(-0.5, 0.5, (frames, channels)).astype(np.float32)


def wav(behind=b"", claimed=None, *, form="WAV", subtype="PCM_16", endian="FILE", channels=1, frames=FRAMES):
    """The bytes of a WAV with chunks behind its sound and, if given, another length in its header."""
    memory = io.BytesIO()
    soundfile.write(memory, noise(channels, frames), 44100, format=form, subtype=subtype, endian=endian)
    content, order = bytearray(memory.getvalue()), ">" if endian == "BIG" else "<"
    place = content.index(b"data") + 4
    if claimed is not None:
        content[place : place + 4] = struct.pack(order + "I", claimed)
        content[4:8] = struct.pack(order + "I", min(claimed + place - 4, 0xFFFFFFFF))
    return bytes(content) + behind


def chunk(name, size, order="<"):
    return name + struct.pack(order + "I", size) + (b"INFO" + b"x" * 2000)[:size] + bytes(size % 2)


def frames_in(content):
    return len(files.read(io.BytesIO(content))[0])


CHAIN = chunk(b"LIST", 26) + chunk(b"id3 ", 1001) + chunk(b"cue ", 4)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"subtype": "PCM_24", "channels": 2},
        {"subtype": "PCM_U8", "channels": 2},
        {"subtype": "FLOAT"},
        {"subtype": "ULAW", "channels": 2},
        {"subtype": "IMA_ADPCM"},
        {"endian": "BIG"},
        {"form": "WAVEX", "channels": 6},
    ],
    ids=str,
)
def test_a_wav_that_claims_too_little_is_read_to_its_end(options):
    expected, _ = files.read(io.BytesIO(wav(**options)))
    for claimed in (1000, 2048):
        np.testing.assert_array_equal(files.read(io.BytesIO(wav(claimed=claimed, **options)))[0], expected)


@pytest.mark.parametrize(
    "form, mark, code",
    [("AIFF", b"SSND", ">4xI"), ("CAF", b"data", ">4xq"), ("AU", b".snd", ">8xI"), ("RF64", b"ds64", "<16xQ")],
)
def test_other_formats_that_claim_too_little_are_read_to_their_end(form, mark, code):
    memory = io.BytesIO()
    soundfile.write(memory, noise(2), 44100, format=form)
    expected, _ = files.read(io.BytesIO(memory.getvalue()))
    highest = {"I": 2**32 - 1, "q": -1, "Q": 2**64 - 1}[code[-1]]
    for claimed in (0, 1008, highest):
        content = bytearray(memory.getvalue())
        place = content.index(mark) + struct.calcsize(code[:-1])
        content[place : place + struct.calcsize(code[-1])] = struct.pack(code[0] + code[-1], claimed)
        np.testing.assert_array_equal(files.read(io.BytesIO(content))[0], expected)


@pytest.mark.parametrize("claimed", [0, 1000, 300_000, 0xFFFFFFFE, 0xFFFFFFFF])
def test_chunks_behind_a_length_that_lies_are_no_sound(claimed):
    assert frames_in(wav(CHAIN, claimed)) == FRAMES


@pytest.mark.parametrize(
    "behind",
    [
        CHAIN,
        chunk(b"LIST", 1001),
        chunk(b"LIST", 1001)[:-1],  # without the padding of an odd length
        chunk(b"abcd", 64),
        CHAIN[:-300],  # cut off
        b"TAG" + bytes(125),
        b"ID3\3\0\0\0\0\0\x0a" + bytes(10),
        bytes(511),
        b"\0",
    ],
    ids=range(9),
)
def test_what_stands_behind_the_sound_is_no_sound(behind):
    assert frames_in(wav(behind)) == FRAMES
    assert frames_in(wav(chunk(b"LIST", 20, ">"), endian="BIG")) == FRAMES


def test_a_wav_of_an_odd_number_of_bytes_with_and_without_its_padding():
    content = wav(subtype="PCM_U8")
    for behind in (b"", chunk(b"LIST", 26)):
        padded = content if len(content) % 2 == 0 else content + b"\0"
        assert frames_in(padded + behind) == FRAMES
        assert frames_in(padded[:-1] + behind) == FRAMES


def test_a_wav_of_more_than_four_gigabytes(tmp_path):
    size = 2**32 + 2 * 44100 * 600
    for data in (size % 2**32, 0, 0xFFFFFFFF):
        with open(tmp_path / "long.wav", "wb") as file:
            file.write(wav(claimed=data)[:44])
            file.truncate(44 + size)  # a hole: it takes no room on the disk
        info = files.inspect(tmp_path / "long.wav")
        assert (info.frames, info.rate, info.subtype) == (size // 2, 44100, "PCM_16")


def test_tags_before_a_length_that_lies_are_still_there():
    content = wav(claimed=1000)
    with_tags = content[:36] + chunk(b"LIST", 26) + content[36:]
    assert frames_in(with_tags) == FRAMES


def test_an_empty_wav_with_tags_holds_no_sound():
    with pytest.raises(files.AudioFileError, match="no sound"):
        files.read(io.BytesIO(wav(CHAIN, frames=0)))
