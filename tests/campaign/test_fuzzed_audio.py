"""Audio with bytes changed, cut out and put in: it is read, or refused with one sentence; it never hangs."""

import signal
from pathlib import Path

import numpy as np
import pytest

from melgan_vc.audio.files import AudioReader, AudioWriter
from melgan_vc.errors import MelganVcError

SECONDS = 20
EXTENSIONS = (".wav", ".flac", ".ogg", ".mp3", ".m4a", ".opus", ".aiff", ".au", ".webm")


@pytest.fixture(scope="module")
def sounds(tmp_path_factory) -> dict[str, bytes]:
    """Half a second of two channels in each format that can be written."""
    folder, draw = tmp_path_factory.mktemp("sounds"), np.random.default_rng(0)
    wave = 0.1 * draw.standard_normal((11025, 2)).astype(np.float32)
    for extension in EXTENSIONS:
        try:
            with AudioWriter(folder / f"a{extension}", rate=22050, channels=2) as out:
                out.write(wave)
        except MelganVcError:
            continue
    return {path.suffix: path.read_bytes() for path in sorted(folder.iterdir())}


def damaged(content: bytes, chance) -> bytes:
    """Bytes of it changed, cut out, doubled or put in; the headers more often than the rest."""
    out = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(min(len(out), 200) if chance.random() < 0.5 else len(out))
        how = chance.randrange(5)
        if how == 0:
            out[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        elif how == 1:
            out[at : at + 4] = chance.choice((b"\xff" * 4, b"\x00" * 4, b"\xff\xff\xff\x7f", chance.randbytes(4)))
        elif how == 2:
            del out[at : at + chance.randint(1, 300)]
        elif how == 3:
            out[at:at] = chance.randbytes(chance.randint(1, 300))
        else:
            out[at:at] = out[at : at + chance.randint(1, 300)]
        if not out:
            return b"\x00"
    return bytes(out[: chance.randrange(1, len(out) + 1)] if chance.random() < 0.1 else out)


def read_all(path: Path) -> None:
    """Read a file as conversion does; whatever it gives is finite and of one width."""
    with AudioReader(path, rate=16000) as reader:
        for block in reader.blocks():
            assert block.shape[1] == reader.channels and np.isfinite(block).all()


def test_fuzzed_audio_is_read_or_refused_in_one_sentence(sounds, tries, chance, size, tmp_path):
    def too_long(number, frame):
        raise TimeoutError(f"more than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, too_long)
    try:
        with tries("fuzzed audio") as one:
            for number in range(size(45, 3000)):
                extension = list(sounds)[number % len(sounds)]
                path = tmp_path / f"fuzzed{extension}"
                path.write_bytes(damaged(sounds[extension], chance))
                signal.alarm(SECONDS)
                with one(f"{extension} {number}"):
                    try:
                        read_all(path)
                    except MelganVcError as error:
                        assert "\n" not in str(error) and path.name in str(error), f"no sentence: {error!r}"
                signal.alarm(0)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
